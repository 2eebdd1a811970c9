import { GRAIN, GROUP_DRAWS, pseudoValues } from './gauge-units.ts';
import { cellsIn, type Cells } from './cells.ts';
import type { Measurements } from './measurements.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { MetricName } from './diagnosis.ts';

/** What each example, or each of some groups of examples, has in the gap of one metric. */
export interface Advantages {
  /** [U] */
  readonly values: Float64Array;
  /** The gap is their mean, or the mean over folds or cells (those that have examples) of the mean in each; U is N, but of groups. */
  readonly meanOver: 'groups' | 'folds' | 'cells';
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
    if (name === 'accuracy') return { values, meanOver: 'folds' };
    const cells = cellsIn(facts);
    const weights = weightsOf(cells);
    return { values: values.map((value, i) => value * weights[cells.of[i]]), meanOver: 'cells' };
  }
  const place = facts.gauges.findIndex((gauge) => gauge.name === name);
  const shuffled = draws.main.units[place];
  const { better, perExample } = METRICS[name];
  const count = perExample ? facts.count : Math.min(facts.count, GROUP_DRAWS);
  const scale = better === 'higher' ? GRAIN : -GRAIN;
  const values = facts.gauges[place].units.map((clean, unit) => scale * (clean - shuffled[unit] / count));
  return perExample
    ? { values, meanOver: 'folds' }
    : { values: pseudoValues(gap, values), meanOver: 'groups' };
}

/** What makes the mean over cells that of balanced accuracy [F * C]: 1, unless classes are missing in some of the folds. */
function weightsOf({ sizes, classes, folds }: Cells): number[] {
  const present = folds.names.map((_, fold) => {
    const ofFold = sizes.subarray(fold * classes, (fold + 1) * classes);
    return ofFold.filter((size) => size > 0).length;
  });
  const cells = present.reduce((sum, count) => sum + count, 0);
  return Array.from(sizes, (_, cell) => cells / (folds.names.length * present[Math.floor(cell / classes)]));
}
