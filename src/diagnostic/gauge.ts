import { ConfigurationError } from '../foundation/errors.ts';
import { decide, decideLabels, labelPosteriors, posteriors, type Floats } from '../model/decision.ts';
import type { ExpertOutput, FrozenFusion } from '../model/frozen-fusion.ts';
import type { MetricName } from './diagnosis.ts';
import { rowsByFold, type Cells } from './cells.ts';
import type { Targets } from './examples.ts';
import {
  classesAlone,
  exampleUnits,
  GRAIN,
  grainFor,
  groupUnits,
  type FoldMeasure,
  type Predicted,
} from './gauge-units.ts';
import { isCounted } from './metric.ts';
import type { Need } from './metrics/metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Presentable } from './presence.ts';
import { elementsOf, targetsOfRows, valuesOfRows } from './rows-of.ts';

/** A metric that is more than counts of right predictions: a number for each set of predictions, in each fold. */
export interface Gauge {
  readonly name: MetricName;
  readonly needs: Need;
  /** Number of its units U, from which the interval of its gap is made (see `GaugeUnits`). */
  readonly units: number;
  /** Row of each [U], where not all rows are units, nor groups of them. */
  readonly rows?: Uint32Array;
  /** What they are whole numbers of. */
  readonly grain: number;
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

/** What predictions are held against: targets, and the same as metrics count them. */
interface Truth {
  readonly targets: Targets;
  readonly cells: Cells;
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
  truth: Truth,
  seed: number,
  clusters?: Int32Array,
): Gauge[] {
  const gauges = names.filter((name) => !isCounted(name));
  for (const name of gauges) refuseWhatIsMissing(name, fusion);
  const largest = largestOf(truth.targets.values, largestOf(fusion.original));
  return gauges.map((name) => {
    const grain = METRICS[name].unit === 'target' ? grainFor(largest) : GRAIN;
    return gaugeFor(name, truth, grain, seed, clusters);
  });
}

function largestOf(values: Floats, atLeast = 0): number {
  let largest = atLeast;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > largest) largest = Math.abs(values[i]);
  return largest;
}

/**
 * Fused outputs as what they mean.
 *
 * @param outputs [N * width]
 * @param needs what is going to be asked of them; default: anything
 */
export function predictedFrom(
  outputs: Floats,
  { rows, decision }: FrozenFusion,
  needs?: readonly Pick<Gauge, 'needs'>[],
): Predicted {
  const width = outputs.length / rows;
  if (decision.kind === 'labels') {
    const { posteriors, ...nothing } = classesAlone(new Int32Array(rows));
    const isRanked = needs?.some((gauge) => gauge.needs === 'label-posteriors') ?? true;
    return {
      ...nothing,
      posteriors: isRanked ? labelPosteriors(outputs, decision.numbers) : posteriors,
      sets: decideLabels(outputs, decision),
    };
  }
  const classes = decide(outputs, width, decision);
  return decision.kind === 'value'
    ? { ...classesAlone(classes), values: Float64Array.from(outputs) }
    : said({ classes, posteriors: posteriors(outputs, width, decision.kind) });
}

/** What an expert says, as a metric takes it. */
export function said({ classes, present, ...others }: ExpertOutput): Predicted & Presentable {
  const { posteriors, values, sets, ...nothing } = classesAlone(classes);
  return {
    ...nothing,
    posteriors: others.posteriors ?? posteriors,
    values: others.values ?? values,
    sets: others.sets ?? sets,
    ...(present && { present }),
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

/** One metric that is no count, as `gaugesFor` has it: errors name its folds, but not one without a name. */
export function gaugeFor(
  name: MetricName,
  truth: Truth,
  grain: number,
  seed: number,
  clusters?: Int32Array,
): Gauge {
  const metric = METRICS[name];
  const { needs, perExample } = metric;
  const { targets, cells } = truth;
  const { names } = cells.folds;
  const units = perExample
    ? exampleUnits(
        cells,
        grain,
        (predicted, into) => perExample.contributions(targets, predicted, into),
        perExample.counted?.(targets),
      )
    : groupUnits(cells.labels.length, grain, seed, measureFolds(name, truth), clusters, cells.weights);
  const defined = (value: number | null, fold: number): number => {
    if (value !== null && Number.isFinite(value)) return value;
    const weightless = cells.weights ? ' (rows of weight 0 do not count)' : '';
    const why = value === null ? `${metric.undefinedWhere}${weightless}` : 'an output is not a number';
    const where = names[fold] === '' ? 'on the evaluated rows' : `in ${names[fold]}`;
    throw new ConfigurationError(
      `The metric ${name} is not defined ${where}, because ${why}; evaluate on other rows, or choose another metric.`,
    );
  };
  const values: Gauge['values'] = (predicted, sums) =>
    Float64Array.from(units.values(predicted, sums), defined);
  const { count, draws, rows } = units;
  return { name, needs, units: count, ...(rows && { rows }), grain, unitDraws: draws, values };
}

/** The metric within each fold [F]. */
function measureFolds(name: MetricName, { targets, cells }: Truth): FoldMeasure {
  const parts = rowsByFold(cells.folds).map((rows) => ({
    rows,
    measure: METRICS[name].prepare(targetsOfRows(targets, rows)),
  }));
  const isOne = parts.length === 1;
  let last: readonly Predicted[] = [];
  const ofRows = (weights: Float64Array, rows: Uint32Array): Float64Array =>
    isOne ? weights : Float64Array.from(rows, (row) => weights[row]);
  const given = parts.map(({ rows }) => cells.weights && ofRows(cells.weights, rows));
  return {
    once: (predicted) => {
      last = isOne ? [predicted] : parts.map(({ rows }) => predictedOf(predicted, rows));
      return parts.map(({ measure }, fold) => measure(last[fold], given[fold]));
    },
    again: (weights) =>
      parts.map(({ rows, measure }, fold) => {
        const own = ofRows(weights, rows);
        return measure.again ? measure.again(own) : measure(last[fold], own);
      }),
  };
}

/** What is predicted of some rows, as if there were no others. */
export function predictedOf({ classes, posteriors, values, sets }: Predicted, rows: Uint32Array): Predicted {
  const ofRows = classesAlone(Int32Array.from(rows, (row) => classes[row]));
  return {
    ...ofRows,
    posteriors: Float64Array.from(elementsOf(rows, posteriors.length / classes.length), (i) => posteriors[i]),
    values: valuesOfRows(values, rows),
    sets: Uint8Array.from(elementsOf(rows, sets.length / classes.length), (i) => sets[i]),
  };
}
