describe('bridge', () => {})
