import { quantile } from './quantile.ts';
import type { Random } from './random.ts';

/**
 * Percentile bootstrap interval of the permutation gap over examples (Efron and Tibshirani 1993, chapter 13).
 *
 * Needs no further inference: of accuracy, an example's share in the gap is whether Clean-Q is right on it, minus the share
 * of shuffles that are. The shuffles themselves are held fixed.
 *
 * @param advantage what each example has in the gap [N]
 * @param labels [N]
 * @param meanOver the gap is their mean, or the mean over the classes that occur of the mean in each
 */
export function bootstrapGap(
  advantage: Float64Array,
  labels: Int32Array,
  classes: number,
  meanOver: 'examples' | 'classes',
  { confidence, resamples, random }: { confidence: number; resamples: number; random: Random },
): { lower: number; upper: number } {
  const resample = meanOver === 'examples' ? meanOfResample : meanOfClassMeans;
  const gaps = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) gaps[b] = resample(advantage, labels, classes, random);
  gaps.sort();
  return { lower: quantile(gaps, (1 - confidence) / 2), upper: quantile(gaps, (1 + confidence) / 2) };
}

function meanOfResample(advantage: Float64Array, _: Int32Array, __: number, random: Random): number {
  const rows = advantage.length;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += advantage[Math.floor(random() * rows)];
  return sum / rows;
}

/** Balanced accuracy of a resample averages over the classes that the resample has. */
function meanOfClassMeans(
  advantage: Float64Array,
  labels: Int32Array,
  classes: number,
  random: Random,
): number {
  const rows = advantage.length;
  const sums = new Float64Array(classes);
  const counts = new Uint32Array(classes);
  for (let i = 0; i < rows; i++) {
    const drawn = Math.floor(random() * rows);
    sums[labels[drawn]] += advantage[drawn];
    counts[labels[drawn]]++;
  }
  let total = 0;
  let present = 0;
  for (let c = 0; c < classes; c++) {
    if (counts[c] === 0) continue;
    total += sums[c] / counts[c];
    present++;
  }
  return total / present;
}
