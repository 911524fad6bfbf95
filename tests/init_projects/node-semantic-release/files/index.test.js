require('node:test')('it sounds', () => {})
