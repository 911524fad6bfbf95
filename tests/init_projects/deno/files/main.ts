/** How deep the sea is, in fathoms. */
export function fathoms(feet: number): number {
  return Math.floor(feet / 6);
}

if (import.meta.main) console.log(fathoms(100));
