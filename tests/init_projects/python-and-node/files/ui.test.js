const test = require('node:test');
const assert = require('node:assert');

test('one and one', () => assert.equal(1 + 1, 2));
