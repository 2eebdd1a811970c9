import type { Redraw } from './random.ts';
import { unitsOf, type MeansPlan, type Units } from './resampling-units.ts';

/** A mean, and what it would be with other examples (or clusters). */
export interface ResampledMean {
  readonly estimate: number;
  /** Of each resample [B], in the order drawn. */
  readonly resampled: Float64Array;
  /** With each example (or cluster) left out [U]; where nothing is left, the estimate. */
  readonly leftOut: Float64Array;
}

/**
 * Bootstraps and jackknifes means of per-example quantities (Efron and Tibshirani 1993, chapters 6 and 11): no inference,
 * and one draw of each resample for all quantities.
 *
 * Rows of weight 0 are never drawn. The mean of a resample is weighted by what was drawn, and of its classes.
 *
 * @returns one per quantity; undefined where no example has weight
 */
export function resampleMeans(
  plan: MeansPlan,
  { resamples, redraw }: { readonly resamples: number; readonly redraw: Redraw },
): ResampledMean[] | undefined {
  const units = unitsOf(plan);
  if (units.count === 0) return undefined;
  const times = new Float64Array(units.unitOf.length).fill(1);
  const estimates = meansOf(units, times);
  const leftOut = leaveEachOut(units, estimates);
  const resampled = plan.quantities.map(() => new Float64Array(resamples));
  const drawn = new Float64Array(units.count);
  for (let b = 0; b < resamples; b++) {
    redraw(drawn);
    for (let cell = 0; cell < times.length; cell++) times[cell] = drawn[units.unitOf[cell]];
    meansOf(units, times).forEach((mean, q) => {
      resampled[q][b] = mean;
    });
  }
  return estimates.map((estimate, q) => ({ estimate, resampled: resampled[q], leftOut: leftOut[q] }));
}

/**
 * Mean of each quantity [M] over the classes that were drawn of the mean in each.
 *
 * @param times how often each cell was drawn [cells]
 */
function meansOf({ classStart, weight, sums }: Units, times: Float64Array): number[] {
  const totals = sums.map(() => 0);
  let present = 0;
  for (let c = 0; c + 1 < classStart.length; c++) {
    const [from, to] = [classStart[c], classStart[c + 1]];
    const drawn = sumOfProducts(times, weight, from, to);
    if (drawn === 0) continue;
    present++;
    for (let q = 0; q < sums.length; q++) totals[q] += sumOfProducts(times, sums[q], from, to) / drawn;
  }
  return totals.map((total) => total / present);
}

/** Of a[from..to) and b[from..to). Four sums at a time, as an addition waits for the one before it. */
function sumOfProducts(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = from;
  for (; i + 3 < to; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < to; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

/** The means without each unit [M][U]. Only the unit's own classes change: no pass over the other units is needed. */
function leaveEachOut(
  { count, classStart, unitOf, weight, sums }: Units,
  estimates: number[],
): Float64Array[] {
  const classes = classStart.length - 1;
  const classesLeft = new Uint32Array(count).fill(classes);
  const totals = estimates.map((estimate) => new Float64Array(count).fill(estimate * classes));
  const ones = new Float64Array(unitOf.length).fill(1);
  for (let c = 0; c < classes; c++) {
    const [from, to] = [classStart[c], classStart[c + 1]];
    const isOnlyOne = to - from === 1;
    const whole = sumOfProducts(ones, weight, from, to);
    const wholeSums = sums.map((values) => sumOfProducts(ones, values, from, to));
    for (let cell = from; cell < to; cell++) {
      if (isOnlyOne) classesLeft[unitOf[cell]]--;
      wholeSums.forEach((sum, q) => {
        const left = isOnlyOne ? 0 : (sum - sums[q][cell]) / (whole - weight[cell]);
        totals[q][unitOf[cell]] += left - sum / whole;
      });
    }
  }
  return totals.map((total, q) =>
    total.map((sum, unit) => (classesLeft[unit] === 0 ? estimates[q] : sum / classesLeft[unit])),
  );
}
