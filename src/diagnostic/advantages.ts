import { GROUP_DRAWS, pseudoValues } from './gauge-units.ts';
import { cellsIn, type Cells } from './cells.ts';
import type { Facts, MetricMeasurements } from './measurements.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { MetricName } from './diagnosis.ts';

/** What each example, or each of some groups of examples, has in the gap of one metric. */
export interface Advantages {
  /** [U] */
  readonly values: Float64Array;
  /** The gap is their mean, or the mean over folds or cells (those that have examples) of the mean in each; U is N, but of groups. */
  readonly meanOver: 'groups' | 'folds' | 'cells';
  /** Weight of each example that the metric counts, else 0 [N]. Default: it counts all as one. */
  readonly weights?: Float64Array;
}

/**
 * What an interval of the gap is made from, without a further inference.
 *
 * @param measurements with all of their draws
 * @param gap of this metric
 */
export function advantagesOf(
  name: MetricName,
  { facts, draws }: MetricMeasurements,
  gap: number,
): Advantages {
  const weighted = facts.weights && { weights: facts.weights };
  if (isCounted(name)) {
    const values = Float64Array.from(
      facts.clean,
      (isRight, i) => isRight - draws.main.right[i] / facts.count,
    );
    if (name === 'accuracy') return { values, meanOver: 'folds', ...weighted };
    const cells = cellsIn(facts);
    const factors = factorsOf(cells);
    return { values: values.map((value, i) => value * factors[cells.of[i]]), meanOver: 'cells', ...weighted };
  }
  const place = facts.gauges.findIndex((gauge) => gauge.name === name);
  const shuffled = draws.main.units[place];
  const { better, perExample } = METRICS[name];
  const count = perExample ? facts.count : Math.min(facts.count, GROUP_DRAWS);
  const { grain, rows } = facts.gauges[place];
  const scale = better === 'higher' ? grain : -grain;
  const values = facts.gauges[place].units.map((clean, unit) => scale * (clean - shuffled[unit] / count));
  return perExample
    ? { ...(rows ? amongAll(values, rows, facts) : { values, ...weighted }), meanOver: 'folds' }
    : { values: pseudoValues(gap, values), meanOver: 'groups' };
}

/** Values of some rows, as values of all of them: the others do not count. */
function amongAll(
  values: Float64Array,
  rows: Uint32Array,
  { labels, weights }: Pick<Facts, 'labels' | 'weights'>,
): Pick<Advantages, 'values' | 'weights'> {
  const all = { values: new Float64Array(labels.length), weights: new Float64Array(labels.length) };
  rows.forEach((row, u) => {
    all.values[row] = values[u];
    all.weights[row] = weights ? weights[row] : 1;
  });
  return all;
}

/** What makes the mean over cells that of balanced accuracy [F * C]: 1, unless classes are missing in some of the folds. */
function factorsOf({ sizes, classes, folds }: Cells): number[] {
  const present = folds.names.map((_, fold) => {
    const ofFold = sizes.subarray(fold * classes, (fold + 1) * classes);
    return ofFold.filter((size) => size > 0).length;
  });
  const cells = present.reduce((sum, count) => sum + count, 0);
  return Array.from(sizes, (_, cell) => cells / (folds.names.length * present[Math.floor(cell / classes)]));
}
