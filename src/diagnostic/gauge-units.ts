import type { Cells } from './cells.ts';
import { clusterCount, groupsOf } from './groups.ts';
import { permutation } from './random.ts';
import { mean } from './spread.ts';

/** What a fusion says of N examples, in every form that a metric may ask for; a form that it does not have is empty. */
export interface Predicted {
  /** Predicted classes [N]. */
  readonly classes: Int32Array;
  /** Posteriors [N * C]; empty where no gauge needs them. */
  readonly posteriors: Float64Array;
  /** Predicted values [N]. */
  readonly values: Float64Array;
  /** Predicted labels, of which an example may have several. */
  readonly sets: Uint8Array;
}

/** Classes, and nothing else. */
export function classesAlone(classes: Int32Array): Predicted {
  return { classes, posteriors: NO_NUMBERS, values: NO_NUMBERS, sets: NO_SETS };
}

const NO_NUMBERS = new Float64Array();
const NO_SETS = new Uint8Array();

/**
 * A metric with its units: what each example adds to a mean, or what the metric is without each of some groups of examples, in
 * whole numbers of grains. From their sums over draws follows the interval of the gap, without a further inference.
 */
export interface GaugeUnits {
  /** Number of units U. */
  readonly count: number;
  /** Row of each unit [U], where not all rows are units, nor groups of them. */
  readonly rows?: Uint32Array;
  /** They are summed over the draws before this one. */
  readonly draws: number;
  /**
   * The metric of one set of predictions in each fold [F]; null in those where it is not defined.
   *
   * @param sums where its units are added [U]; default: nobody asks
   */
  values(predicted: Predicted, sums?: Float64Array): (number | null)[];
}

/**
 * Floats would give another sum in every order, and shards put theirs together as they can; whole grains do not. A million
 * draws of the largest value (36.04, of the log loss) stay below 2^53.
 */
export const GRAIN = 2 ** -27;

/**
 * The same for a metric in the unit of the label, by the largest value there is: a million draws of errors up to 512 times as
 * large stay below 2^53.
 */
export function grainFor(largest: number): number {
  return largest === 0 ? GRAIN : 2 ** (Math.floor(Math.log2(largest)) - 24);
}

/**
 * @param grain what is counted in the units
 * @param contributions writes what each example adds to the mean of its fold [N]
 * @param counted 1 where the example counts, and so is a unit [N]; default: all do
 */
export function exampleUnits(
  { labels, folds, weights }: Cells,
  grain: number,
  contributions: (predicted: Predicted, into: Float64Array) => Float64Array,
  counted?: Uint8Array,
): GaugeUnits {
  const rows = labels.length;
  const scratch = new Float64Array(rows);
  const units = Uint32Array.from(scratch, (_, i) => i).filter((i) => counted?.[i] !== 0);
  return {
    count: units.length,
    ...(counted && { rows: units }),
    draws: Infinity,
    values: (predicted, sums) => {
      const values = contributions(predicted, scratch);
      if (sums) addGrains(values, units, grain, sums);
      const totals = new Float64Array(folds.names.length);
      const sizes = new Float64Array(folds.names.length);
      for (const row of units) {
        const weight = weights ? weights[row] : 1;
        totals[folds.of[row]] += weight * values[row];
        sizes[folds.of[row]] += weight;
      }
      return Array.from(totals, (total, fold) => (sizes[fold] === 0 ? null : total / sizes[fold]));
    },
  };
}

/** By the inverse, which is a power of two: the same numbers as by a division, sooner. */
function addGrains(values: Float64Array, units: Uint32Array, grain: number, sums: Float64Array): void {
  const perGrain = 1 / grain;
  for (let u = 0; u < units.length; u++) sums[u] += Math.round(values[units[u]] * perGrain);
}

/** A metric in each fold [F]; null where it is not defined. */
export interface FoldMeasure {
  once(predicted: Predicted): (number | null)[];
  /** The same of the last call's predictions where examples have these weights [N], in place of their own. */
  again(weights: Float64Array): (number | null)[];
}

/** Groups of examples, where a metric is no mean of them. */
const MOST_GROUPS = 50;
/** What a group is worth shows in few draws: it is not their number that makes the interval wide. */
export const GROUP_DRAWS = 20;

/** How many groups there are. @param clusters numbers from 0, all of which occur */
export function groupCount(rows: number, clusters?: Int32Array): number {
  return Math.min(clusters ? clusterCount(clusters) : rows, MOST_GROUPS);
}

/**
 * The metric without each of some random groups of examples, or of clusters: the delete-a-group jackknife (Efron and Tibshirani 1993, section
 * 11.5), which needs no more of a metric than its value.
 *
 * Where the metric is not defined in a fold without a group, as with all examples of a class in it, that group changes
 * nothing there.
 *
 * @param measure the metric of these predictions in each fold
 * @param clusters cluster of each example [N]: each is in one group as a whole. Default: each example is its own
 * @param own weights of the examples [N]. Default: all 1
 */
export function groupUnits(
  rows: number,
  grain: number,
  seed: number,
  measure: FoldMeasure,
  clusters?: Int32Array,
  own?: Float64Array,
): GaugeUnits {
  const { rows: members, starts } = groupsOf(
    rows,
    clusters ?? Int32Array.from({ length: rows }, (_, i) => i),
  );
  const count = groupCount(rows, clusters);
  const order = permutation(starts.length - 1, seed, 'groups');
  const weights = new Float64Array(rows);
  const without = (group: number): (number | null)[] => {
    if (own) weights.set(own);
    else weights.fill(1);
    for (let at = group; at < order.length; at += count) {
      for (let i = starts[order[at]]; i < starts[order[at] + 1]; i++) weights[members[i]] = 0;
    }
    return measure.again(weights);
  };
  return {
    count,
    draws: GROUP_DRAWS,
    values: (predicted, sums) => {
      const values = measure.once(predicted);
      if (sums === undefined || !values.every(isDefined)) return values;
      for (let group = 0; group < count; group++) {
        const left = without(group);
        const value = mean(values.map((whole, fold) => left[fold] ?? whole));
        sums[group] += Math.round(value / grain);
      }
      return values;
    },
  };
}

function isDefined(value: number | null): value is number {
  return value !== null;
}

/**
 * Pseudo-values of the groups [U] (Tukey 1958; Efron and Tibshirani 1993, equation 11.20): numbers whose mean is `value`, and
 * which vary as if the metric were a mean over the groups.
 *
 * @param leftOut the metric without each group [U]
 */
export function pseudoValues(value: number, leftOut: Float64Array): Float64Array {
  const mean = leftOut.reduce((sum, part) => sum + part, 0) / leftOut.length;
  return leftOut.map((part) => value + (leftOut.length - 1) * (mean - part));
}
