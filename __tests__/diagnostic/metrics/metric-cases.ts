import {
  type AnyMetric,
  type Metric,
  type Need,
  type Predictions,
  type TargetsFor,
} from '../../../src/diagnostic/metrics/metric.ts';
import values from '../../fixtures/diagnostic/metrics/values.json' with { type: 'json' };

/** One case of the fixture: what scikit-learn, SciPy or NumPy make of some predictions. */
export interface MetricCase {
  readonly name: string;
  readonly needs: string;
  readonly truth: readonly number[];
  readonly predictions: readonly number[];
  readonly weights: readonly number[] | null;
  readonly classes?: number;
  readonly width?: number;
  readonly expected: Readonly<Record<string, number | null | undefined>>;
}

export const CASES: readonly MetricCase[] = values;

/** Numbers per row of the truth and of the predictions. */
const WIDTHS: Record<Need, (of: MetricCase) => readonly [truth: number, predictions: number]> = {
  classes: () => [1, 1],
  posteriors: ({ classes }) => [1, classes!],
  values: () => [1, 1],
  sets: ({ width }) => [width!, width!],
  'label-posteriors': ({ width }) => [width!, width!],
};

export function rowCount(of: MetricCase): number {
  return of.truth.length / WIDTHS[of.needs as Need](of)[0];
}

/** The case with these of its rows, in this order; `weights` go along or are replaced. */
export function takeRows(
  of: MetricCase,
  rows: readonly number[],
  weights = of.weights && rows.map((row) => of.weights![row]),
): MetricCase {
  const [truth, predictions] = WIDTHS[of.needs as Need](of);
  const take = (from: readonly number[], width: number) =>
    rows.flatMap((row) => from.slice(row * width, (row + 1) * width));
  return {
    ...of,
    truth: take(of.truth, truth),
    predictions: take(of.predictions, predictions),
    weights,
  };
}

/** What a metric is given, for each kind of prediction. */
const INPUTS: { [N in Need]: (of: MetricCase) => [TargetsFor<N>, Predictions[N]] } = {
  classes: ({ truth, predictions, classes }) => [
    { labels: Int32Array.from(truth), classes: classes! },
    { classes: Int32Array.from(predictions) },
  ],
  posteriors: ({ truth, predictions, classes }) => [
    { labels: Int32Array.from(truth), classes: classes! },
    { posteriors: Float64Array.from(predictions) },
  ],
  values: ({ truth, predictions }) => [
    { values: Float64Array.from(truth) },
    { values: Float64Array.from(predictions) },
  ],
  sets: ({ truth, predictions, width }) => [
    { sets: Uint8Array.from(truth), width: width! },
    { sets: Uint8Array.from(predictions) },
  ],
  'label-posteriors': ({ truth, predictions, width }) => [
    { sets: Uint8Array.from(truth), width: width! },
    { posteriors: Float64Array.from(predictions) },
  ],
};

/** The metric's inputs, typed by the kind of prediction that it needs. */
export function inputsOf<N extends Need>(metric: Metric<N>, of: MetricCase): [TargetsFor<N>, Predictions[N]] {
  return INPUTS[metric.needs](of);
}

export function valueOf(metric: AnyMetric, of: MetricCase): number | null {
  const weights = of.weights ? Float64Array.from(of.weights) : undefined;
  const evaluate = <N extends Need>(known: Metric<N>) => known.value(...inputsOf(known, of), weights);
  return evaluate(metric as Metric<Need>);
}
