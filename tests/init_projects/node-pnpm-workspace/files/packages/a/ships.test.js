import { expect, test } from "vitest";
import { ships } from "./ships.js";

test("the last ship may be half empty", () => {
  expect(ships(41)).toBe(2);
});
