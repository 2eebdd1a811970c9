import { bcaInterval, percentileInterval, type Interval } from './bootstrap-interval.ts';
import type { MetricName } from './diagnosis.ts';
import { redrawsFor } from './random.ts';
import { resampleMeans, type ResampledMean } from './resampled-means.ts';

export const INTERVAL_METHODS = ['bca', 'percentile'] as const;
export type IntervalMethod = (typeof INTERVAL_METHODS)[number];

/** How the permutation gap is bootstrapped over examples. */
export interface IntervalPlan {
  readonly method: IntervalMethod;
  readonly confidence: number;
  readonly resamples: number;
}

/**
 * The permutation gap with other examples. Needs no further inference: an example's share in the gap is whether Clean-Q is
 * right on it, minus the share of shuffles that are. The shuffles themselves are held fixed.
 *
 * @param advantage [N], right under Clean-Q (0 or 1) minus the share of shuffles right
 * @param labels [N]
 */
export function resampleGap(
  advantage: Float64Array,
  labels: Int32Array,
  metric: MetricName,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): ResampledMean {
  const classes = metric === 'balanced-accuracy' ? { classes: labels } : {};
  const plan = { quantities: [advantage], ...classes };
  return resampleMeans(plan, { resamples, redraw: redrawsFor(seed, 'bootstrap') })![0];
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
