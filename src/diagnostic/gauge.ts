import { ConfigurationError } from '../foundation/errors.ts';
import { decide, posteriors, type Floats } from '../model/decision.ts';
import type { FrozenFusion } from '../model/frozen-fusion.ts';
import type { MetricName } from './diagnosis.ts';
import { rowsByFold, type Cells } from './cells.ts';
import { exampleUnits, groupUnits, type FoldMeasure, type Predicted } from './gauge-units.ts';
import { isCounted } from './metric.ts';
import { METRICS, type ClassificationMetricName } from './metrics/metric-table.ts';

/** A metric that is more than counts of right predictions: a number for each set of predictions, in each fold. */
export interface Gauge {
  readonly name: MetricName;
  readonly needs: 'classes' | 'posteriors';
  /** Number of its units U, from which the interval of its gap is made (see `GaugeUnits`). */
  readonly units: number;
  /** Units are summed over the draws before this one. */
  readonly unitDraws: number;
  /**
   * In each fold [F].
   *
   * @param sums where the units of these predictions are added [U]; default: nobody asks
   * @throws ConfigurationError where the metric is not defined on the examples of a fold
   */
  values(predicted: Predicted, sums?: Float64Array): Float64Array;
}

/**
 * The gauges among these metrics, in their order.
 *
 * @param seed decides the groups of examples
 * @param clusters of examples [N], which stay together in those. Default: each example is on its own
 * @throws ConfigurationError where the fusion does not give what a metric needs
 */
export function gaugesFor(
  names: readonly MetricName[],
  fusion: FrozenFusion,
  cells: Cells,
  seed: number,
  clusters?: Int32Array,
): Gauge[] {
  const gauges = names.filter((name) => !isCounted(name));
  for (const name of gauges) refuseWhatIsMissing(name, fusion);
  return gauges.map((name) => gaugeFor(name, cells, seed, clusters));
}

/** Fused outputs as the classes and posteriors that they mean. @param outputs [N * width] */
export function predictedFrom(outputs: Floats, { rows, decision }: FrozenFusion): Predicted {
  const width = outputs.length / rows;
  return {
    classes: decide(outputs, width, decision),
    posteriors: posteriors(outputs, width, decision.kind) ?? new Float64Array(),
  };
}

function refuseWhatIsMissing(name: MetricName, { classes, decision }: FrozenFusion): void {
  if (METRICS[name].needs === 'posteriors' && decision.kind === 'score') {
    throw new ConfigurationError(
      `The metric ${name} needs probabilities, but the fused output is a bare score (output.kind: score); choose a metric of classes, such as macro-f1, or let the model give logits or probabilities.`,
    );
  }
  const k = /^top-(\d+)-accuracy$/.exec(name)?.[1];
  if (k === undefined || Number(k) < classes) return;
  throw new ConfigurationError(
    `The metric ${name} is 1 for any predictions of ${classes} classes; choose one that can tell them apart, such as accuracy or log-loss.`,
  );
}

function gaugeFor(name: MetricName, cells: Cells, seed: number, clusters?: Int32Array): Gauge {
  const metric = METRICS[name];
  const { needs, perExample } = metric;
  const { labels, classes, folds } = cells;
  const targets = { labels, classes };
  const units = perExample
    ? exampleUnits(cells, (predicted, into) => perExample.contributions(targets, predicted, into))
    : groupUnits(labels.length, seed, measureFolds(name, cells), clusters);
  const defined = (value: number | null, fold: number): number => {
    if (value !== null && Number.isFinite(value)) return value;
    const why = value === null ? metric.undefinedWhere : 'an output is not a number';
    const where = folds.names.length === 1 ? 'on the evaluated rows' : `in ${folds.names[fold]}`;
    throw new ConfigurationError(
      `The metric ${name} is not defined ${where}, because ${why}; evaluate on other rows, or choose another metric.`,
    );
  };
  const values: Gauge['values'] = (predicted, sums) =>
    Float64Array.from(units.values(predicted, sums), defined);
  return { name, needs, units: units.count, unitDraws: units.draws, values };
}

/** The metric within each fold [F]. */
function measureFolds(name: ClassificationMetricName, { labels, classes, folds }: Cells): FoldMeasure {
  const parts = rowsByFold(folds).map((rows) => ({
    rows,
    measure: METRICS[name].prepare({ labels: Int32Array.from(rows, (row) => labels[row]), classes }),
  }));
  const isOne = parts.length === 1;
  let last: readonly Predicted[] = [];
  const measure = (weights?: Float64Array): (number | null)[] =>
    parts.map(({ rows, measure: ofFold }, fold) => {
      const own = weights && !isOne ? Float64Array.from(rows, (row) => weights[row]) : weights;
      return own && ofFold.again ? ofFold.again(own) : ofFold(last[fold], own);
    });
  return {
    once: (predicted) => {
      last = isOne ? [predicted] : parts.map(({ rows }) => predictedOf(predicted, rows, classes));
      return measure();
    },
    again: measure,
  };
}

/** What is predicted of some rows. */
function predictedOf({ classes, posteriors }: Predicted, rows: Uint32Array, width: number): Predicted {
  const taken = new Float64Array(posteriors.length === 0 ? 0 : rows.length * width);
  if (taken.length > 0) {
    rows.forEach((row, i) => {
      taken.set(posteriors.subarray(row * width, (row + 1) * width), i * width);
    });
  }
  return { classes: Int32Array.from(rows, (row) => classes[row]), posteriors: taken };
}
