import { GRAIN, GROUP_DRAWS, pseudoValues } from './gauge-units.ts';
import type { Measurements } from './measurements.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { MetricName } from './diagnosis.ts';

/** What each example, or each of some groups of examples, has in the gap of one metric. */
export interface Advantages {
  /** [U] */
  readonly values: Float64Array;
  /** The gap is their mean, or the mean over the classes that occur of the mean in each; U is N, but of groups. */
  readonly meanOver: 'examples' | 'classes' | 'groups';
}

/**
 * What an interval of the gap is made from, without a further inference.
 *
 * @param measurements with all of their draws
 * @param gap of this metric
 */
export function advantagesOf(name: MetricName, { facts, draws }: Measurements, gap: number): Advantages {
  if (isCounted(name)) {
    const values = Float64Array.from(
      facts.clean,
      (isRight, i) => isRight - draws.main.right[i] / facts.count,
    );
    return { values, meanOver: name === 'accuracy' ? 'examples' : 'classes' };
  }
  const place = facts.gauges.findIndex((gauge) => gauge.name === name);
  const shuffled = draws.main.units[place];
  const { better, perExample } = METRICS[name];
  const count = perExample ? facts.count : Math.min(facts.count, GROUP_DRAWS);
  const scale = better === 'higher' ? GRAIN : -GRAIN;
  const values = facts.gauges[place].units.map((clean, unit) => scale * (clean - shuffled[unit] / count));
  return perExample
    ? { values, meanOver: 'examples' }
    : { values: pseudoValues(gap, values), meanOver: 'groups' };
}
