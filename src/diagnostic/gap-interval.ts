import type { Advantages } from './advantages.ts';
import { bcaInterval, percentileInterval, type Interval, type IntervalMethod } from './bootstrap-interval.ts';
import { redrawsFor } from './random.ts';
import { resampleMeans, type ResampledMean } from './resampled-means.ts';

/** How the permutation gap is bootstrapped over examples. */
export interface IntervalPlan {
  readonly method: IntervalMethod;
  readonly confidence: number;
  readonly resamples: number;
}

/**
 * The gaps of several metrics with other examples. Needs no further inference: they are means of what each example has in
 * them. The shuffles themselves are held fixed. Metrics over the same units share every resample.
 *
 * @param labels [N]
 * @returns one for each, in their order
 */
export function resampleGaps(
  advantages: readonly Advantages[],
  labels: Int32Array,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): ResampledMean[] {
  const unitsOf = ({ meanOver, values }: Advantages): string => `${meanOver} ${values.length}`;
  const gaps = new Map<Advantages, ResampledMean>();
  for (const units of new Set(advantages.map(unitsOf))) {
    const alike = advantages.filter((advantage) => unitsOf(advantage) === units);
    const quantities = alike.map(({ values }) => values);
    const classes = alike[0].meanOver === 'classes' ? { classes: labels } : {};
    const redraw = redrawsFor(seed, 'bootstrap');
    const resampled = resampleMeans({ quantities, ...classes }, { resamples, redraw })!;
    alike.forEach((advantage, i) => gaps.set(advantage, resampled[i]));
  }
  return advantages.map((advantage) => gaps.get(advantage)!);
}

/** The interval by the method asked for, or by percentiles where BCa is not defined: with the method that it is by. */
export function intervalBy(
  method: IntervalMethod,
  gap: ResampledMean,
  confidence: number,
): Interval & { readonly method: IntervalMethod } {
  const corrected = method === 'bca' ? bcaInterval(gap, confidence) : null;
  return corrected === null
    ? { ...percentileInterval(gap, confidence), method: 'percentile' }
    : { ...corrected, method: 'bca' };
}
