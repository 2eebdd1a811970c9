import type { Advantages } from './advantages.ts';
import { bcaInterval, percentileInterval, type Interval, type IntervalMethod } from './bootstrap-interval.ts';
import type { Cells } from './cells.ts';
import { redrawsFor } from './random.ts';
import { resampleMeans, type ResampledMean } from './resampled-means.ts';

/** How the permutation gap is bootstrapped over examples. */
export interface IntervalPlan {
  readonly method: IntervalMethod;
  readonly confidence: number;
  readonly resamples: number;
}

/**
 * The gaps of several metrics with other examples, or other clusters of them where they hang together (the cluster bootstrap:
 * Davison and Hinkley 1997, section 3.8; Field and Welsh 2007). Needs no further inference: they are means of what each example has in
 * them. The shuffles themselves are held fixed. Metrics over the same units share every resample.
 *
 * @param how `clusters` [N] where examples hang together
 * @returns one for each, in their order
 */
export function resampleGaps(
  advantages: readonly Advantages[],
  cells: Cells,
  {
    resamples,
    seed,
    clusters,
  }: { readonly resamples: number; readonly seed: number; readonly clusters?: Int32Array },
): ResampledMean[] {
  // Which examples count, their targets and weights alone decide: it is the same for all metrics that leave as many out.
  const unitsOf = ({ meanOver, values, weights }: Advantages): string =>
    `${meanOver} ${values.length} ${weights ? `of which ${weights.filter(Boolean).length} count` : ''}`;
  const gaps = new Map<Advantages, ResampledMean>();
  for (const units of new Set(advantages.map(unitsOf))) {
    const alike = advantages.filter((advantage) => unitsOf(advantage) === units);
    const quantities = alike.map(({ values }) => values);
    const { meanOver, weights } = alike[0];
    const plan = {
      quantities,
      ...(weights && { weights }),
      ...(meanOver !== 'groups' && { classes: meanOver === 'cells' ? cells.of : cells.folds.of }),
      // Groups of examples are of whole clusters as they are.
      ...(meanOver !== 'groups' && clusters && { clusters }),
    };
    const redraw = redrawsFor(seed, 'bootstrap');
    const resampled = resampleMeans(plan, { resamples, redraw })!;
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
