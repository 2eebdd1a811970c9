/** A report has no room for more, and a float no more to say. */
const MOST = 12;

/** How many digits behind the point show a positive number to two digits: 2 of 0.35, 4 of 0.0035. */
export function digitsOf(value: number): number {
  return Math.min(MOST, Math.max(0, 1 - Math.floor(Math.log10(value))));
}
