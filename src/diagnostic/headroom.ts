import type { ExpertOutputs } from '../model/frozen-fusion.ts';
import { rightness } from './appraisal.ts';
import { classCounts, fraction, type CountedMetric, type CountedName } from './metric.ts';
import { median } from './quantile.ts';

/** Examples per class [C] on which at least one expert is right: the hits of the oracle. */
export function oracleHits(experts: ExpertOutputs, labels: Int32Array, classes: number): Uint32Array {
  const hits = new Uint32Array(classes);
  labels.forEach((label, i) => {
    if (experts.some((expert) => expert.classes[i] === label)) hits[label]++;
  });
  return hits;
}

/**
 * Expected metric of the oracle when each expert's correctness is shuffled within class, independently of the others'.
 *
 * Closed form, no simulation: within class c expert m is right on a share a_mc of the rows, so after shuffling none is
 * right on a row with probability prod_m (1 - a_mc). What several experts reach by mere number of tries is in here; only
 * the rest of the headroom is a matter of knowing which one to trust.
 */
export function chanceMatchedOracle(
  experts: ExpertOutputs,
  labels: Int32Array,
  classes: number,
  metric: CountedName,
): number {
  const counts = classCounts(labels, classes);
  const noneRight = new Float64Array(classes).fill(1);
  for (const expert of experts) {
    const right = new Float64Array(classes);
    rightness(expert.classes, labels).forEach((value, i) => (right[labels[i]] += value));
    for (let c = 0; c < classes; c++) if (counts[c] > 0) noneRight[c] *= 1 - right[c] / counts[c];
  }
  const weights = counts.map((count) => (metric === 'accuracy' ? count : Math.min(count, 1)));
  const anyRight = weights.reduce((sum, weight, c) => sum + weight * (1 - noneRight[c]), 0);
  return anyRight / weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * What an ideal choice of experts could gain. Only of metrics that are counted by example: which expert is the best on an
 * example is no question to a metric that looks at many together, such as an F1 or a rank.
 */
export function headroom(
  experts: ExpertOutputs,
  labels: Int32Array,
  classes: number,
  metric: CountedMetric,
  clean: bigint,
): { oracle: number; value: number; chanceMatched: number } {
  const oracle = metric.numerator(oracleHits(experts, labels, classes));
  return {
    oracle: fraction(oracle, metric.denominator),
    value: fraction(oracle - clean, metric.denominator),
    chanceMatched:
      chanceMatchedOracle(experts, labels, classes, metric.name) - fraction(clean, metric.denominator),
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
