import { meanOfExamples } from './mean-of-examples.ts';
import type { MetricRow } from './metric.ts';
import { commonUnit, moments } from './moments.ts';

/** Metrics of the distance between predicted and true values. */
export const REGRESSION_METRICS = {
  mae: {
    title: 'Mean absolute error',
    needs: 'values',
    better: 'lower',
    range: [0, Infinity],
    unit: 'target',
    source: 'scikit-learn mean_absolute_error',
    ...meanOfExamples<'values'>(({ values: truth }, { values }, into) => {
      for (let i = 0; i < truth.length; i++) into[i] = Math.abs(values[i] - truth[i]);
      return into;
    }),
  },
  rmse: {
    title: 'Root mean squared error',
    needs: 'values',
    better: 'lower',
    range: [0, Infinity],
    unit: 'target',
    source: 'scikit-learn root_mean_squared_error',
    prepare:
      ({ values: truth }) =>
      ({ values }, weights) =>
        rootMeanSquare(truth, values, weights),
  },
  r2: {
    title: 'R²',
    needs: 'values',
    better: 'higher',
    range: [-Infinity, 1],
    unit: 'none',
    source: 'scikit-learn r2_score: of a constant target, 1 where every prediction is right, else 0',
    undefinedWhere: 'fewer than two rows have weight',
    prepare:
      ({ values: truth }) =>
      ({ values }, weights) =>
        determination(truth, values, weights),
  },
} as const satisfies Record<string, MetricRow<'values'>>;

function rootMeanSquare(truth: Float64Array, values: Float64Array, weights?: Float64Array): number | null {
  const unit = commonUnit(truth, values);
  const { total, apart } = moments(values, truth, weights, [unit, unit]);
  return total === 0 ? null : unit * Math.sqrt(apart / total);
}

function determination(truth: Float64Array, values: Float64Array, weights?: Float64Array): number | null {
  const unit = commonUnit(truth, values);
  const { rows, yy, apart, isConstantY } = moments(values, truth, weights, [unit, unit]);
  if (rows < 2) return null;
  if (isConstantY) return apart === 0 ? 1 : 0;
  return 1 - apart / yy;
}
