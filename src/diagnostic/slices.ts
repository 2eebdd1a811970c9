import { cellsOf, emptyCounts, rowsByFold, type Cells, type Counts } from './cells.ts';
import type { MetricName, SliceResult } from './diagnosis.ts';
import type { Measured } from './examined.ts';
import { FEWEST_IN_SLICE, targetsOf, type SliceColumn } from './examples.ts';
import { gaugeFor, predictedOf, type Gauge } from './gauge.ts';
import { GRAIN, type Predicted } from './gauge-units.ts';
import type { SliceFacts } from './measurements.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import { numbered } from './repeats.ts';
import { startCounting } from './tally.ts';

/**
 * The slices of one column as draws are counted in them. No draw is made for them: the shuffles are those of the gate, over
 * all evaluated rows or within the groups that it names, and a slice only measures what they do to its own rows.
 *
 * So the hypothesis that is tested in a slice is the gate's: that the scores of the rows of a group may change places. A
 * slice whose scores are higher as a whole gets lower ones, and what that costs is part of its gap. Who asks whether scores
 * tell the rows of a slice from each other names its column as what shuffles stay within.
 *
 * Of classes alone: a gate of values has no slices. S slices, C classes.
 */
export interface Slicing {
  readonly slices: SliceColumn;
  /** Slices stand where folds do: a cell for each class of each slice. */
  readonly cells: Cells;
  /** Ascending [S][]. */
  readonly rows: readonly Uint32Array[];
  /** As `SliceFacts` has them. */
  readonly gauges: readonly (Gauge | null)[];
}

/** What draws gave in the slices of one column, one draw after the other. */
export interface SliceDraws extends Outcomes {
  /** Right predictions per slice and class [draws * S * C]. */
  readonly hits: Counts;
  /** The gating metric where it is no count [draws * S], 0 in slices without a gauge. */
  readonly values: Float64Array;
  /** Its units summed over the draws, by slice [S][U]. */
  readonly units: readonly Float64Array[];
}

/** @param metric the gating one */
export function slicingFor(
  slices: SliceColumn,
  metric: MetricName,
  { labels, classes, weights }: Cells,
  clean: Measured,
  { seed, clusters }: { readonly seed: number; readonly clusters?: Int32Array },
): Slicing {
  const cells = cellsOf(labels, classes, { ...slices, repeats: [[...slices.names.keys()]] }, weights);
  const rows = rowsByFold(cells.folds);
  const gaugeOf = (own: Uint32Array, slice: number): Gauge | null => {
    const name = `the slice ${slices.column} = ${slices.names[slice]}`;
    const ofSlice = { of: new Int32Array(own.length), names: [name], repeats: [[0]] };
    const targets = targetsOf({ labels: takeOf(labels, own) }, classes);
    if (whyTooSmall(own, { clusters, weights }) !== null) return null;
    const ofRows = weights && weightsOf(own, weights);
    const predicted = predictedOf(clean.predicted, own, classes);
    if (METRICS[metric].prepare(targets)(predicted, ofRows) === null) return null;
    const truth = { targets, cells: cellsOf(targets.labels, classes, ofSlice, ofRows) };
    return gaugeFor(metric, truth, GRAIN, seed, clustersOf(own, clusters));
  };
  return { slices, cells, rows, gauges: isCounted(metric) ? [] : rows.map(gaugeOf) };
}

/** Why these rows tell nothing of others, whatever the metric; null where they do. */
export function whyTooSmall(
  rows: Uint32Array,
  { clusters, weights }: { readonly clusters?: Int32Array; readonly weights?: Float64Array },
): SliceResult['leftOut'] {
  const counted = weights ? rows.filter((row) => weights[row] > 0) : rows;
  if (counted.length < FEWEST_IN_SLICE) return 'too few examples';
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
        clean: valueOf(slicing, gauge, slice, clean.predicted, units),
        uniform: valueOf(slicing, gauge, slice, uniform.predicted),
        units,
      };
    }),
  };
}

function valueOf(
  { rows, cells }: Slicing,
  gauge: Gauge,
  slice: number,
  predicted: Predicted,
  sums?: Float64Array,
): number {
  return gauge.values(predictedOf(predicted, rows[slice], cells.classes), sums)[0];
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
  const values = new Float64Array(draws * gauges.length);
  const units = gauges.map((gauge) => new Float64Array(gauge?.units ?? 0));
  return {
    draws: { hits, values, units },
    count: (predicted, at, k) => {
      hits.set(tally.count(predicted.classes).hits, at * cells.sizes.length);
      gauges.forEach((gauge, slice) => {
        if (gauge === null) return;
        const sums = k < gauge.unitDraws ? units[slice] : undefined;
        values[at * gauges.length + slice] = valueOf(slicing, gauge, slice, predicted, sums);
      });
    },
  };
}
