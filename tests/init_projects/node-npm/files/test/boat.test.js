const test = require('node:test');
const assert = require('node:assert');
const { fold } = require('../index.js');

test('eight folds a sheet', () => assert.equal(fold(2), 16));
