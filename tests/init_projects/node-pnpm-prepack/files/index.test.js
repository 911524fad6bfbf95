import assert from "node:assert/strict";
import test from "node:test";
import { cleats } from "./index.js";

test("one for each five metres", () => assert.equal(cleats(12), 3));
