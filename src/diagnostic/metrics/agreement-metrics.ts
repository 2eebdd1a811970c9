import type { MetricRow } from './metric.ts';
import { commonUnit, moments, unitOf } from './moments.ts';
import { tieStarts } from './tie-groups.ts';

const CORRELATION = { needs: 'values', better: 'higher', range: [-1, 1], unit: 'none' } as const;
const CONSTANT = 'the true or the predicted values are all the same';

/** Metrics of how predicted values go with true ones. */
export const AGREEMENT_METRICS = {
  pearson: {
    ...CORRELATION,
    title: 'Pearson correlation',
    source: 'scipy.stats.pearsonr; with weights, numpy.cov(aweights)',
    undefinedWhere: CONSTANT,
    prepare:
      ({ values: truth }) =>
      ({ values }, weights) =>
        pearson(values, truth, weights),
  },
  spearman: {
    ...CORRELATION,
    title: 'Spearman correlation',
    source: 'scipy.stats.spearmanr; with weights, Pearson correlation of the ranks of rows repeated so often',
    undefinedWhere: CONSTANT,
    prepare: ({ values: truth }) => {
      const [rankTruth, rankValues] = [ranker(truth.length), ranker(truth.length)];
      const ranksOfTruth = ranker(truth.length)(truth);
      return ({ values }, weights) => {
        const ranks = weights ? rankTruth(truth, weights) : ranksOfTruth;
        return pearson(rankValues(values, weights), ranks, weights);
      };
    },
  },
  ccc: {
    ...CORRELATION,
    title: 'Concordance correlation coefficient',
    source: 'Lin 1989, with variances over N',
    undefinedWhere: 'the true and the predicted values are all one same number',
    prepare:
      ({ values: truth }) =>
      ({ values }, weights) =>
        concordance(values, truth, weights),
  },
} as const satisfies Record<string, MetricRow<'values'>>;

function pearson(x: Float64Array, y: Float64Array, weights?: Float64Array): number | null {
  const { xx, yy, xy, isConstantX, isConstantY } = moments(x, y, weights, [unitOf(x), unitOf(y)]);
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  if (isConstantX || isConstantY || scale === 0) return null;
  return Math.max(-1, Math.min(1, xy / scale));
}

/** 2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2). */
function concordance(x: Float64Array, y: Float64Array, weights?: Float64Array): number | null {
  const unit = commonUnit(x, y);
  const { rows, total, xx, yy, xy, bias, isConstantX, isConstantY } = moments(x, y, weights, [unit, unit]);
  if (isConstantX && isConstantY) return rows === 0 || bias === 0 ? null : 0;
  return (2 * xy) / (xx + yy + total * bias ** 2);
}

/**
 * Ranks values [N]; a tie shares the mean of its ranks. A row of weight w takes the ranks of w rows, but for a shift of all
 * ranks that no correlation sees. What it returns is overwritten by its next call.
 */
function ranker(rows: number): (values: Float64Array, weights?: Float64Array) => Float64Array {
  const [sorted, ranks] = [new Float64Array(rows), new Float64Array(rows)];
  const weightAt = new Float64Array(rows);
  const starts = new Uint32Array(rows);
  return (values, weights) => {
    tieStarts(values, sorted, starts);
    weightAt.fill(0);
    for (let i = 0; i < rows; i++) weightAt[starts[i]] += weights ? weights[i] : 1;
    let below = 0;
    for (let at = 0; at < rows; at++) {
      ranks[at] = below + weightAt[at] / 2;
      below += weightAt[at];
    }
    // `sorted` has served: it takes each row's rank.
    for (let i = 0; i < rows; i++) sorted[i] = ranks[starts[i]];
    return sorted;
  };
}
