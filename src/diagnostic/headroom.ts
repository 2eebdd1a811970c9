import type { ExpertOutputs } from '../model/frozen-fusion.ts';
import { rightness } from './appraisal.ts';
import type { Cells } from './cells.ts';
import { fraction, type CountedMetric, type CountedName } from './metric.ts';
import { median } from './quantile.ts';
import { isPartial, type Presentable } from './presence.ts';
import { mean } from './spread.ts';

/** Examples per cell [F * C] on which at least one expert is right: the hits of the oracle. */
export function oracleHits(experts: ExpertOutputs, { labels, of, sizes }: Cells): Uint32Array {
  const hits = new Uint32Array(sizes.length);
  labels.forEach((label, i) => {
    if (experts.some((expert) => expert.classes[i] === label)) hits[of[i]]++;
  });
  return hits;
}

/**
 * Expected metric of the oracle when each expert's correctness is shuffled within class (and fold), independently of the
 * others'.
 *
 * Closed form, no simulation: within class c expert m is right on a share a_mc of the rows, so after shuffling none is
 * right on a row with probability prod_m (1 - a_mc). What several experts reach by mere number of tries is in here; only
 * the rest of the headroom is a matter of knowing which one to trust.
 */
export function chanceMatchedOracle(experts: ExpertOutputs, cells: Cells, metric: CountedName): number {
  const { sizes, classes, folds } = cells;
  const noneRight = isPartial(experts) ? noneRightOfPresent(experts, cells) : noneRightOf(experts, cells);
  const weights = sizes.map((size) => (metric === 'accuracy' ? size : Math.min(size, 1)));
  return mean(
    folds.names.map((_, fold) => {
      const ofFold = weights.subarray(fold * classes, (fold + 1) * classes);
      const anyRight = ofFold.reduce(
        (sum, weight, c) => sum + weight * (1 - noneRight[fold * classes + c]),
        0,
      );
      return anyRight / ofFold.reduce((sum, weight) => sum + weight, 0);
    }),
  );
}

/** With what probability no expert is right, by cell [F * C]. */
function noneRightOf(experts: ExpertOutputs, { labels, of, sizes }: Cells): Float64Array {
  const noneRight = new Float64Array(sizes.length).fill(1);
  for (const expert of experts) {
    const right = new Float64Array(sizes.length);
    rightness(expert.classes, labels).forEach((value, i) => (right[of[i]] += value));
    for (let cell = 0; cell < sizes.length; cell++) {
      if (sizes[cell] > 0) noneRight[cell] *= 1 - right[cell] / sizes[cell];
    }
  }
  return noneRight;
}

/**
 * The same where experts may be absent: the correctness of each is shuffled among the examples of its class on which it is
 * present, so that none is right on an example with the product over those that are present there. By cell its mean [F * C].
 */
function noneRightOfPresent(experts: ExpertOutputs, { labels, of, sizes }: Cells): Float64Array {
  const wrong = experts.map(({ classes, present }) => {
    const [right, known] = [new Float64Array(sizes.length), new Float64Array(sizes.length)];
    rightness(classes, labels).forEach((value, i) => {
      if (present?.[i] === 0) return;
      right[of[i]] += value;
      known[of[i]]++;
    });
    return right.map((count, cell) => 1 - count / known[cell]);
  });
  const sums = new Float64Array(sizes.length);
  of.forEach((cell, i) => {
    sums[cell] += experts.reduce(
      (all, { present }, m) => (present?.[i] === 0 ? all : all * wrong[m][cell]),
      1,
    );
  });
  return sums.map((sum, cell) => (sizes[cell] > 0 ? sum / sizes[cell] : 1));
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

/** Of the examples on which two experts are present, or more. Null without posteriors, or where there is no such example. */
export function competitiveness(
  experts: ExpertOutputs,
  labels: Int32Array,
  classes: number,
): { median: number; massBelow: number; disagreement: number } | null {
  const posteriors = experts.map((expert) => expert.posteriors);
  if (experts.length < 2 || posteriors.some((posterior) => posterior === undefined)) return null;
  const compared = Uint32Array.from(labels.keys()).filter((i) => countPresent(experts, i) >= 2);
  if (compared.length === 0) return null;
  const rows = compared.length;
  const delta = Float64Array.from(compared, (i) => {
    const label = labels[i];
    let best = -Infinity;
    let second = -Infinity;
    for (const [m, posterior] of posteriors.entries()) {
      if (experts[m].present?.[i] === 0) continue;
      const value = posterior![i * classes + label];
      if (value > best) [best, second] = [value, best];
      else if (value > second) second = value;
    }
    return best - second;
  });
  const disagreeing = compared.filter((i) => {
    const first = experts.find(({ present }) => present?.[i] !== 0)!.classes[i];
    return experts.some(({ classes: said, present }) => present?.[i] !== 0 && said[i] !== first);
  }).length;
  return {
    median: median(delta),
    massBelow: delta.filter((value) => value < COMPETITIVE_BELOW).length / rows,
    disagreement: disagreeing / rows,
  };
}

function countPresent(experts: readonly Presentable[], row: number): number {
  return experts.reduce((count, { present }) => count + Number(present?.[row] !== 0), 0);
}
