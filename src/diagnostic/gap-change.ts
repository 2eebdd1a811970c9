import { advantagesOf, type Advantages } from './advantages.ts';
import { jackknifeError, pAtLeast, type Interval, type IntervalMethod } from './bootstrap-interval.ts';
import type { MetricName } from './diagnosis.ts';
import { intervalBy } from './gap-interval.ts';
import type { Measurements } from './measurements.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import { normalCdf, normalQuantile } from './normal-distribution.ts';
import { redrawsFor } from './random.ts';
import { resampleMeans, type ResampledMean } from './resampled-means.ts';

/** A gate as measured, with its gap by the metric that is compared. */
export interface MeasuredGap {
  readonly measurements: Measurements;
  readonly gap: number;
}

export interface ChangePlan {
  readonly metric: MetricName;
  /** How far the gap may fall, 0 or more. */
  readonly threshold: number;
  readonly alpha: number;
  readonly seed: number;
  readonly interval: { readonly method: IntervalMethod; readonly resamples: number };
}

/** What became of the gap from one model, or set of examples, to another. */
export interface GapChange extends Interval {
  /** Gap now less the gap before. */
  readonly value: number;
  /** 1 - 2 alpha, so that either end is a bound at level alpha. */
  readonly confidence: number;
  /** Of the change, over examples, by the jackknife. */
  readonly standardError: number;
  /** One-sided, of the hypothesis that the gap has not fallen by more than the threshold. */
  readonly p: number;
  /** Both were judged on the same examples, and these are drawn together. */
  readonly paired: boolean;
  /** The upper end of the interval lies below -threshold: shown, not merely seen. */
  readonly regressed: boolean;
}

/**
 * Whether the permutation gap fell: a bootstrap of the change over examples, without a further inference.
 *
 * Where both gates were judged on the same examples, every resample draws each example for both: what makes an example easy
 * for both cancels. Shuffles are those of the seed, so that they are the same too, and are held fixed. Else the two sets are
 * resampled apart (Efron and Tibshirani 1993, sections 8.3 and 14.3).
 *
 * @param order the row of `before` that is the same example as each row of `now` [N]; null where they are not the same examples
 */
export function gapChange(
  now: MeasuredGap,
  before: MeasuredGap,
  order: Uint32Array | null,
  { metric, threshold, alpha, seed, interval }: ChangePlan,
): GapChange {
  const paired = order !== null && (hasExampleUnits(metric) || isAsItWas(order));
  const resample = (side: MeasuredGap, key: string, rows: Uint32Array | null): ResampledMean =>
    resampleGap(unitsOf(side, metric, rows), {
      resamples: interval.resamples,
      redraw: redrawsFor(seed, key),
    });
  const after = resample(now, 'change', null);
  const earlier = paired
    ? resample(before, 'change', hasExampleUnits(metric) ? order : null)
    : resample(before, 'change of another set', null);
  const change = paired ? pairedChange(after, earlier) : separateChange(after, earlier);
  const { method, ...ends } = intervalBy(interval.method, change, 1 - 2 * alpha);
  return {
    value: now.gap - before.gap,
    ...ends,
    confidence: 1 - 2 * alpha,
    standardError: paired
      ? jackknifeError(change)
      : Math.hypot(jackknifeError(after), jackknifeError(earlier)),
    p: pAtLeast(change, -threshold, method),
    paired,
    regressed: ends.upper < -threshold,
  };
}

/** What is known of a gap that was measured elsewhere. */
export interface RecordedGap extends Interval {
  readonly value: number;
  /** Of the interval. */
  readonly confidence: number;
}

/**
 * The same where of the gap before only an interval is left: both gaps are taken as normal, and of separate examples.
 *
 * @param now with the standard error of its gap over examples
 */
export function changeSinceRecord(
  now: { readonly gap: number; readonly standardError: number },
  before: RecordedGap,
  { threshold, alpha }: Pick<ChangePlan, 'threshold' | 'alpha'>,
): GapChange {
  const errorBefore = (before.upper - before.lower) / (2 * normalQuantile((1 + before.confidence) / 2));
  const standardError = Math.hypot(now.standardError, errorBefore);
  const value = now.gap - before.value;
  const half = normalQuantile(1 - alpha) * standardError;
  return {
    value,
    lower: value - half,
    upper: value + half,
    confidence: 1 - 2 * alpha,
    standardError,
    p: standardError > 0 ? normalCdf((value + threshold) / standardError) : Number(value >= -threshold),
    paired: false,
    regressed: value + half < -threshold,
  };
}

/** Else the units are groups of rows by their place. */
function hasExampleUnits(metric: MetricName): boolean {
  return isCounted(metric) || METRICS[metric].perExample !== undefined;
}

function isAsItWas(order: Uint32Array): boolean {
  return order.every((row, i) => row === i);
}

interface GapUnits extends Advantages {
  /** Class of each row [N]. */
  readonly labels: Int32Array;
}

/** @param rows in which order; null: as they are */
function unitsOf({ measurements, gap }: MeasuredGap, metric: MetricName, rows: Uint32Array | null): GapUnits {
  const { values, meanOver } = advantagesOf(metric, measurements, gap);
  const { labels } = measurements.facts;
  if (rows === null) return { values, meanOver, labels };
  return {
    values: values.map((_, i) => values[rows[i]]),
    meanOver,
    labels: labels.map((_, i) => labels[rows[i]]),
  };
}

function resampleGap(
  { values, meanOver, labels }: GapUnits,
  drawing: Parameters<typeof resampleMeans>[1],
): ResampledMean {
  const classes = meanOver === 'classes' ? { classes: labels } : {};
  return resampleMeans({ quantities: [values], ...classes }, drawing)![0];
}

/** Both drew the same examples in each resample, and left out the same one. */
function pairedChange(now: ResampledMean, before: ResampledMean): ResampledMean {
  return {
    estimate: now.estimate - before.estimate,
    resampled: now.resampled.map((mean, b) => mean - before.resampled[b]),
    leftOut: now.leftOut.map((mean, i) => mean - before.leftOut[i]),
  };
}

/** Each example of either set is left out in turn, the other set as it is. */
function separateChange(now: ResampledMean, before: ResampledMean): ResampledMean {
  return {
    estimate: now.estimate - before.estimate,
    resampled: now.resampled.map((mean, b) => mean - before.resampled[b]),
    leftOut: Float64Array.from({ length: now.leftOut.length + before.leftOut.length }, (_, i) =>
      i < now.leftOut.length
        ? now.leftOut[i] - before.estimate
        : now.estimate - before.leftOut[i - now.leftOut.length],
    ),
  };
}
