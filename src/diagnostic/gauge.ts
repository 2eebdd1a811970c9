import { ConfigurationError } from '../foundation/errors.ts';
import { decide, posteriors, type Floats } from '../model/decision.ts';
import type { FrozenFusion } from '../model/frozen-fusion.ts';
import type { MetricName } from './diagnosis.ts';
import { exampleUnits, groupUnits, type Predicted } from './gauge-units.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';

/** A metric that is more than counts of right predictions: a number for each set of predictions. */
export interface Gauge {
  readonly name: MetricName;
  readonly needs: 'classes' | 'posteriors';
  /** Number of its units U, from which the interval of its gap is made (see `GaugeUnits`). */
  readonly units: number;
  /** Units are summed over the draws before this one. */
  readonly unitDraws: number;
  /**
   * @param sums where the units of these predictions are added [U]; default: nobody asks
   * @throws ConfigurationError where the metric is not defined on these examples
   */
  value(predicted: Predicted, sums?: Float64Array): number;
}

/**
 * The gauges among these metrics, in their order.
 *
 * @param labels true classes [N]
 * @param seed decides the groups of examples
 * @param clusters of examples [N], which stay together in those. Default: each example is on its own
 * @throws ConfigurationError where the fusion does not give what a metric needs
 */
export function gaugesFor(
  names: readonly MetricName[],
  fusion: FrozenFusion,
  labels: Int32Array,
  seed: number,
  clusters?: Int32Array,
): Gauge[] {
  const gauges = names.filter((name) => !isCounted(name));
  for (const name of gauges) refuseWhatIsMissing(name, fusion);
  return gauges.map((name) => gaugeFor(name, labels, fusion.classes, seed, clusters));
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

function gaugeFor(
  name: MetricName,
  labels: Int32Array,
  classes: number,
  seed: number,
  clusters?: Int32Array,
): Gauge {
  const metric = METRICS[name];
  const { needs, perExample } = metric;
  const targets = { labels, classes };
  const units = perExample
    ? exampleUnits(labels.length, (predicted, into) => perExample.contributions(targets, predicted, into))
    : groupUnits(labels.length, seed, metric.prepare(targets), clusters);
  const value: Gauge['value'] = (predicted, sums) => {
    const measured = units.value(predicted, sums);
    if (measured !== null && Number.isFinite(measured)) return measured;
    const why = measured === null ? metric.undefinedWhere : 'an output is not a number';
    throw new ConfigurationError(
      `The metric ${name} is not defined on the evaluated rows, because ${why}; evaluate on other rows, or choose another metric.`,
    );
  };
  return { name, needs, units: units.count, unitDraws: units.draws, value };
}
