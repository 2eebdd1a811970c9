import type { Advantages } from './advantages.ts';
import type { Cells } from './cells.ts';
import { bcaInterval, percentileInterval, type Interval } from './bootstrap-interval.ts';
import { redrawsFor } from './random.ts';
import { resampleMeans, type ResampledMean } from './resampled-means.ts';
import type { MeansPlan } from './resampling-units.ts';

export const INTERVAL_METHODS = ['bca', 'percentile'] as const;
export type IntervalMethod = (typeof INTERVAL_METHODS)[number];

/** How the permutation gap is bootstrapped over examples. */
export interface IntervalPlan {
  readonly method: IntervalMethod;
  readonly confidence: number;
  readonly resamples: number;
}

/**
 * The gaps of several metrics with other examples. Needs no further inference: they are means of what each example has in
 * them. The shuffles themselves are held fixed. Metrics over the same units share every resample. Rows of the same example
 * are drawn together.
 *
 * @returns one for each, in their order
 */
export function resampleGaps(
  advantages: readonly Advantages[],
  cells: Cells,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): ResampledMean[] {
  const unitsOf = ({ meanOver, values }: Advantages): string => `${meanOver} ${values.length}`;
  const gaps = new Map<Advantages, ResampledMean>();
  for (const units of new Set(advantages.map(unitsOf))) {
    const alike = advantages.filter((advantage) => unitsOf(advantage) === units);
    const quantities = alike.map(({ values }) => values);
    const redraw = redrawsFor(seed, 'bootstrap');
    const plan = { quantities, ...unitsAmong(cells, alike[0].meanOver) };
    const resampled = resampleMeans(plan, { resamples, redraw })!;
    alike.forEach((advantage, i) => gaps.set(advantage, resampled[i]));
  }
  return advantages.map((advantage) => gaps.get(advantage)!);
}

/** What a mean is over, and which rows are drawn together. Groups of examples are no rows. */
function unitsAmong(
  { of, folds }: Cells,
  meanOver: Advantages['meanOver'],
): Pick<MeansPlan, 'classes' | 'clusters'> {
  if (meanOver === 'examples') return {};
  const classes = meanOver === 'cells' ? of : folds.of;
  return folds.example ? { classes, clusters: folds.example } : { classes };
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
