it('rings', () => {})
