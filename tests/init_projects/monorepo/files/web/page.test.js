const test = require('node:test');
const assert = require('node:assert');
const { title } = require('./page.js');

test('it greets', () => assert.equal(title('Bo'), 'Hello, Bo'));
