import { advantagesOf } from './advantages.ts';
import { jackknifeError, pAtLeast, type IntervalMethod } from './bootstrap-interval.ts';
import { cellsIn } from './cells.ts';
import type { GapChange, MetricName, RecordedGap } from './diagnosis.ts';
import { intervalBy } from './gap-interval.ts';
import type { Measurements } from './measurements.ts';
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

/**
 * Whether the permutation gap fell: a bootstrap of the change over examples, without a further inference.
 *
 * Where both gates were judged on the same examples, every resample draws each example for both: what makes an example easy
 * for both cancels. Clusters of examples, those of `now`, are drawn whole. Shuffles are those of the seed, so that they are the
 * same too, and are held fixed. Else the two sets are resampled apart (Efron and Tibshirani 1993, sections 8.3 and 14.3).
 *
 * @param order the row of `before` that is the same example as each row of `now` [N]; null where they are not the same examples
 */
export function gapChange(
  now: MeasuredGap,
  before: MeasuredGap,
  order: Uint32Array | null,
  plan: ChangePlan,
): GapChange {
  const { threshold, alpha, interval } = plan;
  const { change, standardError, paired } = resampleChange(now, before, order, plan);
  const { method, ...ends } = intervalBy(interval.method, change, 1 - 2 * alpha);
  return {
    value: now.gap - before.gap,
    ...ends,
    confidence: 1 - 2 * alpha,
    standardError,
    p: pAtLeast(change, -threshold, method),
    paired,
    regressed: ends.upper < -threshold,
  };
}

function resampleChange(
  now: MeasuredGap,
  before: MeasuredGap,
  order: Uint32Array | null,
  { metric, seed, interval: { resamples } }: ChangePlan,
): Pick<GapChange, 'standardError' | 'paired'> & { readonly change: ResampledMean } {
  const [after, earlier] = [unitsOf(now, metric), unitsOf(before, metric)];
  const { clusters } = now.measurements.facts;
  const drawn = (units: GapUnits, hanging: Int32Array | undefined, key: string): ResampledMean =>
    resampleGap(units, hanging, { resamples, redraw: redrawsFor(seed, key) });
  const here = drawn(after, clusters, 'change');
  const [weights, weightsBefore] = [now, before].map(({ measurements }) => measurements.facts.weights);
  if (order !== null && areSame(weights, weightsBefore, order) && areAlike(after, earlier, order)) {
    const there = drawn(inOrder(earlier, order), clusters, 'change');
    const change = pairedChange(here, there);
    return { change, standardError: jackknifeError(change), paired: true };
  }
  const there = drawn(earlier, before.measurements.facts.clusters, 'change of other examples');
  const standardError = Math.hypot(jackknifeError(here), jackknifeError(there));
  return { change: separateChange(here, there), standardError, paired: false };
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

/** Examples with other weights make a mean over another population: to draw them together would say nothing. */
function areSame(
  now: Float64Array | undefined,
  before: Float64Array | undefined,
  order: Uint32Array,
): boolean {
  if (now === undefined || before === undefined) return now === before;
  return now.every((weight, i) => weight === before[order[i]]);
}

/** Groups of examples are the same only where their rows stand in the same order, and examples where the same ones count. */
function areAlike({ classes, weights }: GapUnits, before: GapUnits, order: Uint32Array): boolean {
  if (classes === undefined) return isAsItWas(order);
  return weights === undefined || weights.every((weight, i) => weight === before.weights?.[order[i]]);
}

function isAsItWas(order: Uint32Array): boolean {
  return order.every((row, i) => row === i);
}

/** What each unit has in a gap, and what the gap averages over. */
interface GapUnits {
  /** [U] */
  readonly values: Float64Array;
  /** Fold or cell of each example [N]; undefined where units are groups of examples. */
  readonly classes?: Int32Array;
  /** Weight of each example, 0 where it does not count [N]. */
  readonly weights?: Float64Array;
}

function unitsOf({ measurements, gap }: MeasuredGap, metric: MetricName): GapUnits {
  const { values, meanOver, weights } = advantagesOf(metric, measurements, gap);
  if (meanOver === 'groups') return { values };
  const { of, folds } = cellsIn(measurements.facts);
  return { values, classes: meanOver === 'cells' ? of : folds.of, ...(weights && { weights }) };
}

function inOrder({ values, classes, weights }: GapUnits, order: Uint32Array): GapUnits {
  if (classes === undefined) return { values };
  return {
    values: values.map((_, i) => values[order[i]]),
    classes: classes.map((_, i) => classes[order[i]]),
    ...(weights && { weights: weights.map((_, i) => weights[order[i]]) }),
  };
}

/** @param clusters [N] of examples that hang together; groups of examples are of whole clusters as they are */
function resampleGap(
  { values, classes, weights }: GapUnits,
  clusters: Int32Array | undefined,
  drawing: Parameters<typeof resampleMeans>[1],
): ResampledMean {
  const hanging = classes && clusters ? { clusters } : {};
  return resampleMeans(
    { quantities: [values], ...(classes && { classes }), ...(weights && { weights }), ...hanging },
    drawing,
  )![0];
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
