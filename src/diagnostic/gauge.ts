import { ConfigurationError } from '../foundation/errors.ts';
import { decide, posteriors, type Floats } from '../model/decision.ts';
import type { ExpertOutput, FrozenFusion } from '../model/frozen-fusion.ts';
import type { MetricName } from './diagnosis.ts';
import type { Targets } from './examples.ts';
import { classesAlone, exampleUnits, GRAIN, grainFor, groupUnits, type Predicted } from './gauge-units.ts';
import { isCounted } from './metric.ts';
import type { Need } from './metrics/metric.ts';
import { METRICS } from './metrics/metric-table.ts';

/** A metric that is more than counts of right predictions: a number for each set of predictions. */
export interface Gauge {
  readonly name: MetricName;
  readonly needs: Need;
  /** Number of its units U, from which the interval of its gap is made (see `GaugeUnits`). */
  readonly units: number;
  /** What they are whole numbers of. */
  readonly grain: number;
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
 * @param seed decides the groups of examples
 * @throws ConfigurationError where the fusion does not give what a metric needs
 */
export function gaugesFor(
  names: readonly MetricName[],
  fusion: FrozenFusion,
  targets: Targets,
  seed: number,
): Gauge[] {
  const gauges = names.filter((name) => !isCounted(name));
  for (const name of gauges) refuseWhatIsMissing(name, fusion);
  const largest = largestOf(targets.values, largestOf(fusion.original));
  return gauges.map((name) => gaugeFor(name, targets, seed, largest));
}

function largestOf(values: Floats, atLeast = 0): number {
  let largest = atLeast;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > largest) largest = Math.abs(values[i]);
  return largest;
}

/** Fused outputs as what they mean. @param outputs [N * width] */
export function predictedFrom(outputs: Floats, { rows, decision }: FrozenFusion): Predicted {
  const width = outputs.length / rows;
  const classes = decide(outputs, width, decision);
  return decision.kind === 'value'
    ? { ...classesAlone(classes), values: Float64Array.from(outputs) }
    : said({ classes, posteriors: posteriors(outputs, width, decision.kind) });
}

/** What an expert says, as a metric takes it. */
export function said({ classes, ...others }: ExpertOutput): Predicted {
  const { posteriors, values, ...nothing } = classesAlone(classes);
  return { ...nothing, posteriors: others.posteriors ?? posteriors, values: others.values ?? values };
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

/** @param largest of the true and predicted values */
function gaugeFor(name: MetricName, targets: Targets, seed: number, largest: number): Gauge {
  const metric = METRICS[name];
  const { needs, perExample } = metric;
  const rows = targets.labels.length;
  const grain = metric.unit === 'target' ? grainFor(largest) : GRAIN;
  const units = perExample
    ? exampleUnits(
        rows,
        grain,
        (predicted, into) => perExample.contributions(targets, predicted, into),
        perExample.counted?.(targets),
      )
    : groupUnits(rows, grain, seed, metric.prepare(targets));
  const value: Gauge['value'] = (predicted, sums) => {
    const measured = units.value(predicted, sums);
    if (measured !== null && Number.isFinite(measured)) return measured;
    const why = measured === null ? metric.undefinedWhere : 'an output is not a number';
    throw new ConfigurationError(
      `The metric ${name} is not defined on the evaluated rows, because ${why}; evaluate on other rows, or choose another metric.`,
    );
  };
  return { name, needs, units: units.count, grain, unitDraws: units.draws, value };
}
