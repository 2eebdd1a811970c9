import type { MetricRow } from './metric.ts';
import { tieStarts } from './tie-groups.ts';

/**
 * Weight of the positive and of the negative examples at each place in ascending order of a score [N]. All examples of one
 * score stand at the first place that the score has.
 */
interface Ranking {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** A number for one class against the rest; null where it is not defined. */
type OfRanking = (ranking: Ranking) => number | null;

const SHARE = { needs: 'posteriors', better: 'higher', range: [0, 1], unit: 'none' } as const;

/**
 * Metrics of the order in which posteriors put the examples, O(N log N). Binary: class 1 against class 0. More classes: each
 * one against the rest, and the plain mean over all of them.
 */
export const RANKING_METRICS = {
  auroc: {
    ...SHARE,
    title: 'AUROC',
    source: 'scikit-learn roc_auc_score(multi_class="ovr", average="macro")',
    undefinedWhere: 'a class has no example',
    prepare: oneAgainstRest(areaUnderRoc),
  },
  'average-precision': {
    ...SHARE,
    title: 'Average precision',
    source: 'scikit-learn average_precision_score(average="macro"); binary without a positive example: 0',
    undefinedWhere: 'one of three or more classes has no example',
    prepare: oneAgainstRest(averagePrecision),
  },
} as const satisfies Record<string, MetricRow<'posteriors'>>;

function oneAgainstRest(of: OfRanking): MetricRow<'posteriors'>['prepare'] {
  return ({ labels, classes }) => {
    const rank = ranker(labels, classes);
    const positives = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
    return ({ posteriors }, weights) => {
      let sum = 0;
      for (const positive of positives) {
        const ranking = rank(posteriors, positive, weights);
        const value = classes > 2 && !ranking.positive.some(isPresent) ? null : of(ranking);
        if (value === null) return null;
        sum += value;
      }
      return sum / positives.length;
    };
  };
}

function isPresent(weight: number): boolean {
  return weight > 0;
}

/** Ranks the examples by the posterior of one class. What it returns is overwritten by its next call. */
function ranker(
  labels: Int32Array,
  classes: number,
): (posteriors: Float64Array, positive: number, weights?: Float64Array) => Ranking {
  const rows = labels.length;
  const [column, sorted] = [new Float64Array(rows), new Float64Array(rows)];
  const ranking = { positive: new Float64Array(rows), negative: new Float64Array(rows) };
  const starts = new Uint32Array(rows);
  return (posteriors, positive, weights) => {
    for (let i = 0; i < rows; i++) column[i] = posteriors[i * classes + positive];
    tieStarts(column, sorted, starts);
    ranking.positive.fill(0);
    ranking.negative.fill(0);
    for (let i = 0; i < rows; i++) {
      const side = labels[i] === positive ? ranking.positive : ranking.negative;
      side[starts[i]] += weights ? weights[i] : 1;
    }
    return ranking;
  };
}

/**
 * The Mann-Whitney statistic with ties counted half. Its parts are integers where the weights are, so that equal counts give
 * equal numbers.
 */
function areaUnderRoc({ positive, negative }: Ranking): number | null {
  let twiceWins = 0;
  let positives = 0;
  let negatives = 0;
  for (let at = 0; at < positive.length; at++) {
    twiceWins += positive[at] * (2 * negatives + negative[at]);
    positives += positive[at];
    negatives += negative[at];
  }
  return positives === 0 || negatives === 0 ? null : twiceWins / (2 * positives * negatives);
}

/** Mean precision at each threshold, weighted by the recall gained there; no interpolation. */
function averagePrecision({ positive, negative }: Ranking): number | null {
  let sum = 0;
  let positives = 0;
  let seen = 0;
  for (let at = positive.length - 1; at >= 0; at--) {
    positives += positive[at];
    seen += positive[at] + negative[at];
    if (positive[at] > 0) sum += positive[at] * (positives / seen);
  }
  if (seen === 0) return null;
  return positives === 0 ? 0 : sum / positives;
}
