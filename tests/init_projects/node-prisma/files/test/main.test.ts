test('nothing', () => {})
