import type { Random } from './random.ts';
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
 * and one pass over the drawn rows for all quantities.
 *
 * Rows of weight 0 are never drawn. The mean of a resample is weighted by what was drawn, and of its classes.
 *
 * @returns one per quantity; undefined where no example has weight
 */
export function resampleMeans(
  plan: MeansPlan,
  { resamples, random }: { readonly resamples: number; readonly random: Random },
): ResampledMean[] | undefined {
  const units = unitsOf(plan);
  if (units.count === 0) return undefined;
  const all = emptySums(units);
  for (let unit = 0; unit < units.count; unit++) addUnit(units, unit, all);
  const estimates = meansOf(units, all);
  const leftOut = leaveEachOut(units, all, estimates);
  const resampled = plan.quantities.map(() => new Float64Array(resamples));
  const drawn = emptySums(units);
  for (let b = 0; b < resamples; b++) {
    drawn.weight.fill(0);
    drawn.sums.fill(0);
    for (let i = 0; i < units.count; i++) addUnit(units, Math.floor(random() * units.count), drawn);
    const means = meansOf(units, drawn);
    for (let q = 0; q < units.width; q++) resampled[q][b] = means[q];
  }
  return plan.quantities.map((_, q) => ({
    estimate: estimates[q],
    resampled: resampled[q],
    leftOut: leftOut[q],
  }));
}

/** Weight [G] and weighted sums [G * M] of the cells of each class. */
interface Sums {
  readonly weight: Float64Array;
  readonly sums: Float64Array;
}

function emptySums({ classes, width }: Units): Sums {
  return { weight: new Float64Array(classes), sums: new Float64Array(classes * width) };
}

function addUnit({ start, classOf, weight, sums, width }: Units, unit: number, to: Sums): void {
  for (let cell = start[unit]; cell < start[unit + 1]; cell++) {
    const c = classOf[cell];
    to.weight[c] += weight[cell];
    for (let q = 0; q < width; q++) to.sums[c * width + q] += sums[cell * width + q];
  }
}

/** Mean of each quantity over the classes that have weight of the mean in each [M]. */
function meansOf({ classes, width }: Units, { weight, sums }: Sums): Float64Array {
  const means = new Float64Array(width);
  let present = 0;
  for (let c = 0; c < classes; c++) {
    if (weight[c] === 0) continue;
    present++;
    for (let q = 0; q < width; q++) means[q] += sums[c * width + q] / weight[c];
  }
  for (let q = 0; q < width; q++) means[q] /= present;
  return means;
}

/** The means without each unit [M][U]. Only the unit's own classes change, so that each takes no pass over the others. */
function leaveEachOut(units: Units, all: Sums, estimates: Float64Array): Float64Array[] {
  const { start, classOf, weight, sums, width, classes } = units;
  const cellsOf = new Uint32Array(classes);
  for (const c of classOf) cellsOf[c]++;
  const leftOut = Array.from(estimates, (estimate) => new Float64Array(units.count).fill(estimate));
  for (let unit = 0; unit < units.count; unit++) {
    const own = Array.from({ length: start[unit + 1] - start[unit] }, (_, i) => start[unit] + i);
    const left = classes - own.filter((cell) => cellsOf[classOf[cell]] === 1).length;
    if (left === 0) continue;
    for (let q = 0; q < width; q++) {
      let total = estimates[q] * classes;
      for (const cell of own) {
        const c = classOf[cell];
        const [sum, of] = [all.sums[c * width + q], all.weight[c]];
        total -= sum / of;
        if (cellsOf[c] > 1) total += (sum - sums[cell * width + q]) / (of - weight[cell]);
      }
      leftOut[q][unit] = total / left;
    }
  }
  return leftOut;
}
