import { cellsOf, emptyCounts, rowsByFold, type Cells, type Counts } from './cells.ts';
import type { SliceResult } from './diagnosis.ts';
import type { Measured } from './examined.ts';
import { FEWEST_IN_SLICE, type Folds, type SliceColumn, type Targets } from './examples.ts';
import { gaugeFor, predictedOf, type Gauge } from './gauge.ts';
import type { Predicted } from './gauge-units.ts';
import type { SliceFacts } from './measurements.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import { numbered } from './repeats.ts';
import { targetsOfRows } from './rows-of.ts';
import { startCounting } from './tally.ts';

/**
 * The slices of one column as draws are counted in them. No draw is made for them: the shuffles are those of the gate, over
 * all evaluated rows or within the groups that it names, and a slice only measures what they do to its own rows.
 *
 * So the hypothesis that is tested in a slice is the gate's: that the scores of the rows of a group may change places. A
 * slice whose scores are higher as a whole gets lower ones, and what that costs is part of its gap. Who asks whether scores
 * tell the rows of a slice from each other names its column as what shuffles stay within.
 *
 * Where there are folds, the examples of a slice are measured all at once, whatever fold they are in: few of them are in one,
 * and a metric of few is rough, or not defined. Only what comes again in other repeats is told apart: the metric of a slice is
 * the mean over repeats of the metric of all its rows in each.
 *
 * S slices, C classes, R repeats (1 where there are no folds).
 */
export interface Slicing {
  readonly slices: SliceColumn;
  /** Slices stand where folds do: a cell for each class of each repeat of each slice. */
  readonly cells: Cells;
  /** Ascending [S][]. */
  readonly rows: readonly Uint32Array[];
  /** As `SliceFacts` has them. */
  readonly gauges: readonly (Gauge | null)[];
}

/** What draws gave in the slices of one column, one draw after the other. */
export interface SliceDraws extends Outcomes {
  /** Right predictions per slice, repeat and class [draws * S * R * C]. */
  readonly hits: Counts;
  /** The gating metric where it is no count [draws * S * R], 0 in slices without a gauge. */
  readonly values: Float64Array;
  /** Its units summed over the draws, by slice [S][U]. */
  readonly units: readonly Float64Array[];
}

/** @param gating the gauge of the gating metric; undefined where that is counted */
export function slicingFor(
  slices: SliceColumn,
  gating: Pick<Gauge, 'name' | 'grain'> | undefined,
  {
    targets,
    cells: { labels, classes, folds, weights },
  }: { readonly targets: Targets; readonly cells: Cells },
  clean: Measured,
  { seed, clusters }: { readonly seed: number; readonly clusters?: Int32Array },
): Slicing {
  const cells = cellsOf(labels, classes, sliceFolds(slices, folds), weights);
  const rows = rowsByFold({ ...slices, repeats: [] });
  const gaugeOf = ({ name, grain }: Pick<Gauge, 'name' | 'grain'>, slice: number): Gauge | null => {
    const own = rows[slice];
    if (whyTooSmall(own, folds, { clusters, weights }) !== null) return null;
    const within = repeatsIn(own, folds, `the slice ${slices.column} = ${slices.names[slice]}`);
    const isDefined = rowsByFold(within).every((places) => {
      const ofRepeat = places.map((place) => own[place]);
      const measure = METRICS[name].prepare(targetsOfRows(targets, ofRepeat));
      const predicted = predictedOf(clean.predicted, ofRepeat);
      return measure(predicted, weights && weightsOf(ofRepeat, weights)) !== null;
    });
    if (!isDefined) return null;
    const ofSlice = targetsOfRows(targets, own);
    const ofRows = weights && weightsOf(own, weights);
    const truth = { targets: ofSlice, cells: cellsOf(ofSlice.labels, classes, within, ofRows) };
    return gaugeFor(name, truth, grain, seed, clustersOf(own, clusters));
  };
  return { slices, cells, rows, gauges: gating ? rows.map((_, slice) => gaugeOf(gating, slice)) : [] };
}

/** A fold for each repeat of each slice, all repeats of the first slice first. */
export function sliceFolds({ of, names }: SliceColumn, folds: Folds): Folds {
  const repeats = folds.repeats.length;
  const repeatOf = repeatOfFolds(folds);
  const all = names.flatMap((name) => folds.repeats.map(() => name));
  return {
    of: of.map((slice, row) => slice * repeats + repeatOf[folds.of[row]]),
    names: all,
    repeats: [[...all.keys()]],
  };
}

/** A fold for each repeat of some rows, as repeats share examples. @param what errors call the rows */
export function repeatsIn(rows: Uint32Array, folds: Folds, what = ''): Folds {
  const repeatOf = repeatOfFolds(folds);
  const numbers = [...folds.repeats.keys()];
  return {
    of: Int32Array.from(rows, (row) => repeatOf[folds.of[row]]),
    names: numbers.map((repeat) => (numbers.length === 1 ? what : `repeat ${repeat + 1} of ${what}`)),
    repeats: numbers.map((repeat) => [repeat]),
  };
}

/** Repeat of each fold [F]. */
function repeatOfFolds({ names, repeats }: Folds): Int32Array {
  const repeatOf = new Int32Array(names.length);
  repeats.forEach((folds, repeat) => {
    for (const fold of folds) repeatOf[fold] = repeat;
  });
  return repeatOf;
}

/**
 * Why these rows tell nothing of others, whatever the metric; null where they do. In each repeat there must be enough of those
 * that count.
 */
export function whyTooSmall(
  rows: Uint32Array,
  folds: Folds,
  { clusters, weights }: { readonly clusters?: Int32Array; readonly weights?: Float64Array },
): SliceResult['leftOut'] {
  const counted = weights ? rows.filter((row) => weights[row] > 0) : rows;
  if (rowsByFold(repeatsIn(counted, folds)).some(({ length }) => length < FEWEST_IN_SLICE)) {
    return 'too few examples';
  }
  return clusters && new Set(takeOf(clusters, counted)).size < 2 ? 'a single cluster' : null;
}

/** Cluster of each of these rows, numbered anew; undefined where rows do not hang together. */
export function clustersOf(rows: Uint32Array, clusters?: Int32Array): Int32Array | undefined {
  return clusters && numbered(Array.from(takeOf(clusters, rows), String));
}

/** Weights of these rows. */
export function weightsOf(rows: Uint32Array, weights: Float64Array): Float64Array {
  return Float64Array.from(rows, (row) => weights[row]);
}

export function takeOf(values: Int32Array, rows: Uint32Array): Int32Array {
  return Int32Array.from(rows, (row) => values[row]);
}

/** What does not depend on the draws. */
export function sliceFacts(slicing: Slicing, clean: Measured, uniform: Measured): SliceFacts {
  const { slices, cells, gauges } = slicing;
  const none = new Int32Array(cells.labels.length);
  return {
    ...slices,
    uniform: startCounting(cells, none).count(uniform.predicted.classes).hits,
    gauges: gauges.map((gauge, slice) => {
      if (gauge === null) return null;
      const units = new Float64Array(gauge.units);
      return {
        clean: valuesOf(slicing, gauge, slice, clean.predicted, units),
        uniform: valuesOf(slicing, gauge, slice, uniform.predicted),
        ...(gauge.rows && { rows: gauge.rows }),
        units,
      };
    }),
  };
}

/** In each repeat [R]. */
function valuesOf(
  { rows }: Slicing,
  gauge: Gauge,
  slice: number,
  predicted: Predicted,
  sums?: Float64Array,
): Float64Array {
  return gauge.values(predictedOf(predicted, rows[slice]), sums);
}

/** Counts draws in the slices of one column. */
export interface SliceCounter {
  readonly draws: SliceDraws;
  /** @param at which of the draws counted here, from 0 @param k which of all */
  count(predicted: Predicted, at: number, k: number): void;
}

/** @param clean classes that were predicted with Clean-Q [N] */
export function countSlices(slicing: Slicing, clean: Int32Array, draws: number): SliceCounter {
  const { cells, gauges } = slicing;
  const tally = startCounting(cells, clean);
  const hits = emptyCounts(draws * cells.sizes.length, cells.weights);
  const width = gauges.length === 0 ? 0 : cells.folds.names.length;
  const repeats = width / gauges.length;
  const values = new Float64Array(draws * width);
  const units = gauges.map((gauge) => new Float64Array(gauge?.units ?? 0));
  return {
    draws: { hits, values, units },
    count: (predicted, at, k) => {
      hits.set(tally.count(predicted.classes).hits, at * cells.sizes.length);
      gauges.forEach((gauge, slice) => {
        if (gauge === null) return;
        const sums = k < gauge.unitDraws ? units[slice] : undefined;
        values.set(valuesOf(slicing, gauge, slice, predicted, sums), at * width + slice * repeats);
      });
    },
  };
}
