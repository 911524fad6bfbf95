/** True when buns have steamed for long enough. */
export function steamed(minutes: number): boolean {
  return minutes >= 12;
}
