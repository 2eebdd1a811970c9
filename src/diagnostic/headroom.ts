import type { ExpertOutputs } from '../model/frozen-fusion.ts';
import { countHits, countWhere, totalOf, type Cells, type Counts } from './cells.ts';
import { fraction, type CountedMetric, type CountedName } from './metric.ts';
import { median } from './quantile.ts';
import { mean } from './spread.ts';

/** Examples per cell [F * C] on which at least one expert is right: the hits of the oracle. */
export function oracleHits(experts: ExpertOutputs, cells: Cells): Counts {
  return countWhere(cells, (i) => experts.some((expert) => expert.classes[i] === cells.labels[i]));
}

/**
 * Expected metric of the oracle when each expert's correctness is shuffled within class (and fold), independently of the
 * others'.
 *
 * Closed form, no simulation: within class c expert m is right on a share a_mc of the rows, so after shuffling none is
 * right on a row with probability prod_m (1 - a_mc). What several experts reach by mere number of tries is in here; only
 * the rest of the headroom is a matter of knowing which one to trust. Of weighted examples all shares are weighted.
 */
export function chanceMatchedOracle(experts: ExpertOutputs, cells: Cells, metric: CountedName): number {
  const { sizes, classes, folds } = cells;
  const noneRight = new Float64Array(sizes.length).fill(1);
  for (const expert of experts) {
    const right = countHits(expert.classes, cells);
    for (let cell = 0; cell < sizes.length; cell++) {
      if (sizes[cell] > 0) noneRight[cell] *= 1 - right[cell] / sizes[cell];
    }
  }
  const weights = sizes.map((size) => (metric === 'accuracy' ? size : Math.min(size, 1)));
  return mean(
    folds.names.map((_, fold) => {
      const ofFold = weights.subarray(fold * classes, (fold + 1) * classes);
      const anyRight = Float64Array.from(ofFold, (weight, c) => weight * (1 - noneRight[fold * classes + c]));
      return totalOf(anyRight) / totalOf(ofFold);
    }),
  );
}

/**
 * What an ideal choice of experts could gain. Only of metrics that are counted by example: which expert is the best on an
 * example is no question to a metric that looks at many together, such as an F1 or a rank.
 */
export function headroom(
  experts: ExpertOutputs,
  cells: Cells,
  metric: CountedMetric,
  clean: bigint,
): { oracle: number; value: number; chanceMatched: number } {
  const oracle = metric.numerator(oracleHits(experts, cells));
  return {
    oracle: fraction(oracle, metric.denominator),
    value: fraction(oracle - clean, metric.denominator),
    chanceMatched: chanceMatchedOracle(experts, cells, metric.name) - fraction(clean, metric.denominator),
  };
}

/** An example is competitive when the best two experts give the true class nearly the same probability. */
const COMPETITIVE_BELOW = 0.05;

/** Null without posteriors or with a single modality. */
export function competitiveness(
  experts: ExpertOutputs,
  labels: Int32Array,
  classes: number,
): { median: number; massBelow: number; disagreement: number } | null {
  const posteriors = experts.map((expert) => expert.posteriors);
  if (experts.length < 2 || posteriors.some((posterior) => posterior === undefined)) return null;
  const rows = labels.length;
  const delta = Float64Array.from(labels, (label, i) => {
    let best = -Infinity;
    let second = -Infinity;
    for (const posterior of posteriors) {
      const value = posterior![i * classes + label];
      if (value > best) [best, second] = [value, best];
      else if (value > second) second = value;
    }
    return best - second;
  });
  const disagreeing = labels.filter((_, i) =>
    experts.some((e) => e.classes[i] !== experts[0].classes[i]),
  ).length;
  return {
    median: median(delta),
    massBelow: delta.filter((value) => value < COMPETITIVE_BELOW).length / rows,
    disagreement: disagreeing / rows,
  };
}
