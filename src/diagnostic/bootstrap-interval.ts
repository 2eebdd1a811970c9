import { normalCdf, normalQuantile } from './normal-distribution.ts';
import { quantile } from './quantile.ts';
import type { ResampledMean } from './resampled-means.ts';

export type IntervalMethod = 'bca' | 'percentile';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The middle of what the resamples gave (Efron and Tibshirani 1993, section 13.3). */
export function percentileInterval({ resampled }: ResampledMean, confidence: number): Interval {
  return between(resampled.toSorted(), (1 - confidence) / 2, (1 + confidence) / 2);
}

/** Sums of the same numbers in another order differ by far less than this; other resamples, by far more. */
const ROUNDING = 2 ** -30;

/**
 * Bias-corrected and accelerated interval (Efron 1987; Efron and Tibshirani 1993, section 14.3): the percentiles are moved by
 * how far the median of the resamples lies from the estimate, ties counted half, and by how the standard error changes with
 * the value, as the jackknife tells.
 *
 * @returns the point where all resamples agree but for rounding; null where the correction is not defined: all resamples on one side of the
 *   estimate, or no example that would change it if left out
 */
export function bcaInterval(mean: ResampledMean, confidence: number): Interval | null {
  const sorted = mean.resampled.toSorted();
  const [lower, upper] = [sorted[0], sorted[sorted.length - 1]];
  if (upper - lower <= ROUNDING * Math.abs(mean.estimate)) return { lower, upper };
  const bias = normalQuantile(shareBelow(mean, ROUNDING * (upper - lower)));
  const acceleration = accelerationOf(mean.leftOut);
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) return null;
  const corrected = (share: number) => {
    const shifted = bias + normalQuantile(share);
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
  return between(sorted, corrected((1 - confidence) / 2), corrected((1 + confidence) / 2));
}

/** Standard error of the estimate by the jackknife (Efron and Tibshirani 1993, equation 11.5); 0 of a single unit. */
export function jackknifeError({ leftOut }: ResampledMean): number {
  const units = leftOut.length;
  return Math.sqrt(((units - 1) / units) * power(deviations(leftOut), 2));
}

function between(sorted: Float64Array, low: number, high: number): Interval {
  return { lower: quantile(sorted, low), upper: quantile(sorted, high) };
}

/** Share of the resamples below the estimate; half of those as near as `tie`, which are the estimate but for rounding. */
function shareBelow({ estimate, resampled }: ResampledMean, tie: number): number {
  let twice = 0;
  for (const value of resampled) {
    if (Math.abs(value - estimate) <= tie) twice += 1;
    else if (value < estimate) twice += 2;
  }
  return twice / (2 * resampled.length);
}

/** Skewness of what each unit moves, over 6: at most 1/6 either way. NaN where none moves anything. */
function accelerationOf(leftOut: Float64Array): number {
  const moved = deviations(leftOut);
  return power(moved, 3) / (6 * power(moved, 2) ** 1.5);
}

/** The mean less each value. */
function deviations(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => mean - value);
}

function power(values: Float64Array, exponent: number): number {
  return values.reduce((sum, value) => sum + value ** exponent, 0);
}
