import { rowsByFold, totalOf, type Cells } from './cells.ts';
import type { Diagnosis, MetricName } from './diagnosis.ts';
import type { Targets } from './examples.ts';
import { predictedOf } from './gauge.ts';
import type { Predicted } from './gauge-units.ts';
import { weightedMean } from './metrics/mean-of-examples.ts';
import { advantage } from './metrics/metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import { isPartial, patternsOf, presentIn, type Presentable } from './presence.ts';
import { targetsOfRows, valuesOfRows } from './rows-of.ts';
import { mean } from './spread.ts';

type Headroom = Omit<NonNullable<Diagnosis['headroom']>, 'realised'>;

/** A metric that is a mean over examples, or a function of one: what each example adds, and what the mean stands for. */
interface Parts {
  readonly better: 'higher' | 'lower';
  /** What each example adds [N]. */
  of(said: Predicted): Float64Array;
  /** 1 where the example counts [N]. Default: all do. */
  readonly counted?: Uint8Array;
  metric(mean: number): number;
}

/**
 * What an ideal choice of experts could gain, where the output has no classes: on each example, what the best of the experts
 * adds to the metric. Chance-matched, each expert's parts are shuffled over all examples, on its own: the mean best of
 * independent draws, in closed form. Of RMSE it is the root of the expected mean square.
 *
 * A rule that mixes values may do better than the oracle, as errors of opposite sign cancel: it is a bound from below.
 *
 * @param clean the metric with Clean-Q
 * @param weights of the examples [N]. Default: all 1
 * @returns null for a metric that is no function of a mean over examples, such as a correlation: no expert is the best on one
 */
export function headroomByExample(
  name: MetricName,
  targets: Targets,
  experts: readonly (Predicted & Presentable)[],
  clean: number,
  weights?: Float64Array,
): Headroom | null {
  const parts = partsOf(name, targets, weights);
  if (parts === undefined) return null;
  const sign = parts.better === 'higher' ? -1 : 1;
  // An absent expert is never the best.
  const losses = experts.map((said) => {
    const own = parts.of(said).map((value, i) => (said.present?.[i] === 0 ? Infinity : sign * value));
    return countedOnly(own, parts.counted);
  });
  const least = losses.reduce((smallest, column) => smallest.map((value, i) => Math.min(value, column[i])));
  const ofCounted = weights && countedOnly(weights, parts.counted);
  const oracle = parts.metric(sign * weightedMean(least, ofCounted)!);
  const byChance = parts.metric(
    sign * (isPartial(experts) ? expectedLeastOfPresent(losses) : expectedLeast(losses, ofCounted)),
  );
  const over = (value: number): number => advantage(METRICS[name], value, clean);
  return { oracle, value: over(oracle), chanceMatched: over(byChance) };
}

/**
 * The same within each fold [F].
 *
 * @param clean the metric with Clean-Q in each fold
 */
export function headroomsByFold(
  name: MetricName,
  targets: Targets,
  { folds, weights }: Pick<Cells, 'folds' | 'weights'>,
  experts: readonly (Predicted & Presentable)[],
  clean: (fold: number) => number,
): (Headroom | null)[] {
  const parts = rowsByFold(folds);
  if (parts.length === 1) return [headroomByExample(name, targets, experts, clean(0), weights)];
  return parts.map((rows, fold) => {
    const own = experts.map((said) => ({ ...predictedOf(said, rows), ...presentIn(said, rows) }));
    const ofRows = weights && valuesOfRows(weights, rows);
    return headroomByExample(name, targetsOfRows(targets, rows), own, clean(fold), ofRows);
  });
}

/** Means over folds; null where one has none. */
export function headroomOver(folds: readonly (Headroom | null)[]): Headroom | null {
  const found = folds.filter((fold) => fold !== null);
  if (found.length < folds.length) return null;
  const over = (key: keyof Headroom): number => mean(found.map((fold) => fold[key]));
  return { oracle: over('oracle'), value: over('value'), chanceMatched: over('chanceMatched') };
}

function partsOf(name: MetricName, targets: Targets, weights?: Float64Array): Parts | undefined {
  const { perExample, better } = METRICS[name];
  const rows = targets.labels.length;
  if (perExample !== undefined) {
    return {
      better,
      of: (said) => perExample.contributions(targets, said, new Float64Array(rows)),
      counted: perExample.counted?.(targets),
      metric: (mean) => mean,
    };
  }
  const { values: truth } = targets;
  const squares: Pick<Parts, 'better' | 'of'> = {
    better: 'lower',
    of: ({ values }) => truth.map((value, i) => (values[i] - value) ** 2),
  };
  if (name === 'rmse') return { ...squares, metric: Math.sqrt };
  const centre = weightedMean(truth, weights)!;
  const variance = weightedMean(
    truth.map((value) => (value - centre) ** 2),
    weights,
  )!;
  if (name !== 'r2' || variance === 0) return undefined;
  return { ...squares, metric: (mean) => 1 - mean / variance };
}

function countedOnly(values: Float64Array, counted: Uint8Array | undefined): Float64Array {
  return counted === undefined ? values : values.filter((_, i) => counted[i] === 1);
}

/**
 * The same where some are absent (infinite) on some rows: on each row the expected least of draws of those that are present
 * there, each from the rows on which it is; the mean over rows.
 */
function expectedLeastOfPresent(losses: readonly Float64Array[]): number {
  const present = losses.map((column) => Uint8Array.from(column, (loss) => Number(loss < Infinity)));
  const known = losses.map((column) => column.filter((loss) => loss < Infinity));
  const patterns = patternsOf(present.map((own) => ({ present: own })))!;
  const rowOf = new Map([...patterns].map((pattern, row) => [pattern, row]));
  const least = new Map(
    [...rowOf].map(([pattern, row]) => [
      pattern,
      expectedLeast(known.filter((_, m) => present[m][row] === 1)),
    ]),
  );
  return mean([...patterns].map((pattern) => least.get(pattern)!));
}

/**
 * The expected least of one value from each column, drawn independently: the integral of the probability that all of them are
 * larger.
 *
 * @param weights of the values of each column, in their order. Default: all 1
 */
export function expectedLeast(columns: readonly Float64Array[], weights?: Float64Array): number {
  const sorted = columns.map((column) => ascending(column, weights));
  const total = weights ? totalOf(weights) : columns[0].length;
  const all = Float64Array.from(columns.flatMap((column) => [...column])).sort();
  const passed = columns.map(() => ({ count: 0, weight: 0 }));
  let expected = all[0];
  for (let at = 0; at + 1 < all.length; at++) {
    let allLarger = 1;
    sorted.forEach(({ values, weightOf }, m) => {
      const so = passed[m];
      while (so.count < values.length && values[so.count] <= all[at]) so.weight += weightOf(so.count++);
      allLarger *= 1 - so.weight / total;
    });
    if (allLarger === 0) break;
    expected += (all[at + 1] - all[at]) * allLarger;
  }
  return expected;
}

/** Values in ascending order, and the weight of each of them. */
function ascending(
  column: Float64Array,
  weights: Float64Array | undefined,
): { readonly values: Float64Array; readonly weightOf: (place: number) => number } {
  if (weights === undefined) return { values: column.toSorted(), weightOf: () => 1 };
  const order = Uint32Array.from(column.keys()).sort((a, b) => column[a] - column[b]);
  return {
    values: Float64Array.from(order, (row) => column[row]),
    weightOf: (place) => weights[order[place]],
  };
}
