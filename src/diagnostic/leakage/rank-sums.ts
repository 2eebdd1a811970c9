import { midRanks } from '../alignment.ts';

/** How well a score tells the examples of one class from all others. */
export interface ClassRanks {
  /** Examples of the class, and all others. */
  readonly inside: number;
  readonly outside: number;
  /** Ties count half. */
  readonly auroc: number;
  /** The same as a standard normal variable where the score has nothing to do with the class. */
  readonly z: number;
}

/**
 * One class against the rest, for every class, from a single sorting: the Wilcoxon-Mann-Whitney statistic with the variance
 * corrected for ties (Lehmann 1975, "Nonparametrics", 1.4), as scipy's `mannwhitneyu(method="asymptotic",
 * use_continuity=False)`.
 *
 * @param score [n]
 * @param labels [n], each in [0, classes)
 * @returns [classes]; null for a class with no example or with all of them, and where the score is constant
 */
export function rankSums(score: Float64Array, labels: Int32Array, classes: number): (ClassRanks | null)[] {
  const n = score.length;
  const ranks = midRanks(score);
  const sums = new Float64Array(classes);
  const counts = new Uint32Array(classes);
  labels.forEach((label, i) => {
    sums[label] += ranks[i];
    counts[label]++;
  });
  const spread = n < 2 ? 0 : n + 1 - tieCorrection(score) / (n * (n - 1));
  return Array.from(counts, (inside, c) => {
    const outside = n - inside;
    if (inside === 0 || outside === 0 || spread <= 0) return null;
    const auroc = (sums[c] - (inside * (inside + 1)) / 2) / (inside * outside);
    return { inside, outside, auroc, z: (auroc - 0.5) / Math.sqrt(spread / (12 * inside * outside)) };
  });
}

/** Sum of t^3 - t over groups of t equal values. */
function tieCorrection(values: Float64Array): number {
  const sorted = values.toSorted();
  let sum = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    sum += (end - start) ** 3 - (end - start);
    start = end;
  }
  return sum;
}
