import { height } from "./mod.ts";

Deno.test("minutes", () => {
  if (height(2) !== 120) throw new Error("not 120");
});
