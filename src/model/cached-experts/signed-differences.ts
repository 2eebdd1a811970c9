/** What decides between two classes: the sign of sum_m score_m * values_m, where it is clear. */
export interface SignedDifferences {
  /** M times [N], within [-1, 1]. */
  readonly values: readonly Float64Array[];
  /** Sums beyond this share of the sum of scores have the sign that the plain formula would find. */
  readonly guard: number;
}

/** Magnitudes at which neither the plain formula nor a difference leaves the normal numbers. */
const LARGEST = { min: 2 ** -900, max: 2 ** 900 };

/**
 * The plain formula compares sum_m w_m a_m with sum_m w_m b_m, where w_m = score_m / (sum of scores) and scores are not
 * negative. Exactly, the sign of sum_m score_m (a_m - b_m) says the same, with no division. In float64, with u = 2^-53
 * and B the largest |a| or |b|, each side of the formula is off by at most 2 M u B (the sum of scores, a division, a
 * product, the sum), and our sum, in units of 2 B times the sum of scores, by (M + 2) u. So a sum beyond (3 M + 2) u has
 * the formula's sign; the guard asks for more than twice that.
 *
 * @param columns M times [N * width]: a is column 1 and b column 0, or of a single column a is that one and b is `cut`
 * @returns undefined where numbers are so large or small that these bounds do not hold
 */
export function signedDifferences(
  columns: readonly Float64Array[],
  width: number,
  cut: number,
): SignedDifferences | undefined {
  let largest = width === 1 ? Math.abs(cut) : 0;
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  }
  if (!(largest >= LARGEST.min && largest <= LARGEST.max)) return undefined;
  const unit = 2 * largest;
  const differences = columns.map((values) => {
    if (width === 1) return values.map((value) => (value - cut) / unit);
    return new Float64Array(values.length / 2).map((_, i) => (values[2 * i + 1] - values[2 * i]) / unit);
  });
  return { values: differences, guard: (columns.length + 4) * 2 ** -50 };
}
