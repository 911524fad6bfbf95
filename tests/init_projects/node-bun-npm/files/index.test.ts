import { expect, test } from "bun:test";
import { steamed } from ".";

test("twelve minutes are enough", () => {
  expect(steamed(12)).toBe(true);
  expect(steamed(11)).toBe(false);
});
