require('node:test')('it holds', () => {})
