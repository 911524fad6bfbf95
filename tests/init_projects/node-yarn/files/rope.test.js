const assert = require("node:assert");
const { test } = require("node:test");
const { lasts } = require("./rope.js");

test("used twice as often, it lasts half as long", () => {
  assert.equal(lasts(2), "15 days");
});
