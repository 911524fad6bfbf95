import { expect, test } from "bun:test"; test("two", () => expect(2).toBe(2));
