import type { Measure, MetricRow } from './metric.ts';
import { tieStarts } from './tie-groups.ts';

/**
 * Weight of the positive and of the negative examples at each place in ascending order of a score [N]. All examples of one
 * score stand at the first place that the score has.
 */
interface Ranking {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** A number for one class against the rest; null where it is not defined, NaN where a posterior is no number. */
export type OfRanking = (ranking: Ranking) => number | null;

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
    const positives = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
    const rankings = positives.map((positive) => rankingOf(labels, classes, positive));
    return meanOfRankings(
      rankings,
      classes > 2 ? (ranked) => (ranked.positive.some(isPresent) ? of(ranked) : null) : of,
    );
  };
}

/** The plain mean of a number over several rankings of the same posteriors; null where one has none. */
export function meanOfRankings(
  rankings: readonly OneAgainstRest[],
  of: OfRanking,
): Measure<'posteriors' | 'label-posteriors'> {
  const mean = (rank: (ranking: OneAgainstRest) => Ranking): number | null => {
    let sum = 0;
    for (const ranking of rankings) {
      const ranked = rank(ranking);
      if (Number.isNaN(ranked.positive[0])) return NaN;
      const value = of(ranked);
      if (value === null) return null;
      sum += value;
    }
    return sum / rankings.length;
  };
  const measure: Measure<'posteriors' | 'label-posteriors'> = ({ posteriors }, weights) =>
    mean(({ take, merged, weighted }) => {
      take(posteriors);
      return weights ? weighted(weights) : merged();
    });
  measure.again = (weights) => mean(({ weighted }) => weighted(weights));
  return measure;
}

function isPresent(weight: number): boolean {
  return weight > 0;
}

/** One class against the rest. What it returns is overwritten by its next call. */
export interface OneAgainstRest {
  /** Takes the posteriors [N * C] that the rankings are of. */
  readonly take: (posteriors: Float64Array) => void;
  /** Without weights: both sides are sorted on their own, and merged. */
  readonly merged: () => Ranking;
  /** With weights, which may be asked for again and again: places are looked up but once. */
  readonly weighted: (weights: Float64Array) => Ranking;
}

/**
 * @param labels [N], of which those that equal `positive` are ranked against all others
 * @param classes columns of the posteriors
 * @param positive column of the posteriors
 */
export function rankingOf(labels: Int32Array, classes: number, positive: number): OneAgainstRest {
  const rows = labels.length;
  const count = labels.reduce((sum, label) => sum + Number(label === positive), 0);
  const [column, sorted] = [new Float64Array(rows), new Float64Array(rows)];
  const [own, others] = [new Float64Array(count), new Float64Array(rows - count)];
  const ranking = { positive: new Float64Array(rows), negative: new Float64Array(rows) };
  const starts = new Uint32Array(rows);
  let hasStarts = false;
  const cleared = (): Ranking => {
    ranking.positive.fill(0);
    ranking.negative.fill(0);
    return ranking;
  };
  return {
    take: (posteriors) => {
      for (let i = 0; i < rows; i++) column[i] = posteriors[i * classes + positive];
      hasStarts = false;
    },
    merged: () => {
      part(column, labels, positive, own, others);
      return merge(own.sort(), others.sort(), cleared());
    },
    weighted: (weights) => {
      if (!hasStarts) tieStarts(column, sorted, starts);
      hasStarts = true;
      const { positive: above, negative: below } = cleared();
      for (let i = 0; i < rows; i++) {
        (labels[i] === positive ? above : below)[starts[i]] += weights[i];
      }
      return ranking;
    },
  };
}

function part(
  column: Float64Array,
  labels: Int32Array,
  positive: number,
  own: Float64Array,
  others: Float64Array,
): void {
  let [toOwn, toOthers] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === positive) own[toOwn++] = column[i];
    else others[toOthers++] = column[i];
  }
}

/** How many of each side have each value, one place for each value. @param into zeros */
function merge(own: Float64Array, others: Float64Array, into: Ranking): Ranking {
  let [a, b] = [0, 0];
  for (let place = 0; a < own.length || b < others.length; place++) {
    const value = b === others.length || own[a] <= others[b] ? own[a] : others[b];
    const [from, fromOther] = [a, b];
    while (own[a] === value) a++;
    while (others[b] === value) b++;
    into.positive[place] = a - from;
    into.negative[place] = b - fromOther;
    // What is no number is the last of its side, and equals nothing.
    if (a === from && b === fromOther) return { positive: into.positive.fill(NaN), negative: into.negative };
  }
  return into;
}

/**
 * The Mann-Whitney statistic with ties counted half. Its parts are integers where the weights are, so that equal counts give
 * equal numbers.
 */
export function areaUnderRoc({ positive, negative }: Ranking): number | null {
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
export function averagePrecision({ positive, negative }: Ranking): number | null {
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
