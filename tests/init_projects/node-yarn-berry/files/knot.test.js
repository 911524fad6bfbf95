const assert = require("node:assert");
const { test } = require("node:test");
const { knots } = require("./knot.js");

test("three knots in a minute", () => assert.equal(knots(1), 3));
