import test from 'node:test'
test('it floats', () => {})
