import { fathoms } from "./main.ts";

Deno.test("a part of a fathom does not count", () => {
  if (fathoms(17) !== 2) throw new Error(`not 2: ${fathoms(17)}`);
});
