import assert from 'node:assert';
import test from 'node:test';
import { berths } from './index.js';

test('berths', () => assert.equal(berths, 12));
