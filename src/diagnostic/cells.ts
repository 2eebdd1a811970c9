import type { Folds } from './examples.ts';
import type { Facts } from './measurements.ts';
import { wherePresent, type Presentable } from './presence.ts';

/**
 * The examples as metrics count them: a cell for each class of each fold, all classes of the first fold first. Without folds
 * all examples are one.
 *
 * N examples, C classes, F folds.
 */
export interface Cells {
  /** True classes [N]. */
  readonly labels: Int32Array;
  /** Number of classes C. */
  readonly classes: number;
  /** Cell of each example [N]: C * fold + class. */
  readonly of: Int32Array;
  /** Examples in each cell [F * C], or the sum of their weights. */
  readonly sizes: Counts;
  readonly folds: Folds;
  /** Whole weights [N] (see `wholeWeights`). Default: each example counts as one. */
  readonly weights?: Float64Array;
}

/** Numbers of examples, or sums of their whole weights: in either case exact. */
export type Counts = Uint32Array | Float64Array;

/** @param weights of examples, where they have any */
export function emptyCounts(length: number, weights: Float64Array | undefined): Counts {
  return weights ? new Float64Array(length) : new Uint32Array(length);
}

/**
 * @param folds default: all examples are one fold
 * @param weights whole ones [N]. Default: each example counts as one
 */
export function cellsOf(
  labels: Int32Array,
  classes: number,
  folds: Folds = oneFold(labels.length),
  weights?: Float64Array,
): Cells {
  const of = labels.map((label, i) => classes * folds.of[i] + label);
  const sizes = emptyCounts(classes * folds.names.length, weights);
  for (let i = 0; i < of.length; i++) sizes[of[i]] += weights ? weights[i] : 1;
  return { labels, classes, of, sizes, folds, ...(weights && { weights }) };
}

/** Those of the rows on which something is present; folds without any are left out. */
export function cellsWhere(cells: Cells, where: Presentable): Cells {
  if (where.present === undefined) return cells;
  const { labels, classes, folds } = cells;
  const of = wherePresent(folds.of, where);
  const kept = folds.names.flatMap((_, fold) => (of.includes(fold) ? [fold] : []));
  return cellsOf(wherePresent(labels, where), classes, {
    of: of.map((fold) => kept.indexOf(fold)),
    names: kept.map((fold) => folds.names[fold]),
    repeats: [[...kept.keys()]],
  });
}

/** As they were measured. */
export function cellsIn({
  labels,
  uniform,
  folds,
  weights,
}: Pick<Facts, 'labels' | 'uniform' | 'folds' | 'weights'>): Cells {
  return cellsOf(labels, uniform.length / (folds?.names.length ?? 1), folds ?? undefined, weights);
}

/** Examples in all cells together, or the sum of their weights. */
export function totalOf(sizes: Counts): number {
  let total = 0;
  for (const size of sizes) total += size;
  return total;
}

/** All examples in one. */
export function oneFold(rows: number): Folds {
  return { of: new Int32Array(rows), names: [''], repeats: [[0]] };
}

/** Rows of each fold, ascending [F][]. */
export function rowsByFold({ of, names }: Folds): Uint32Array[] {
  const sizes = new Uint32Array(names.length);
  for (const fold of of) sizes[fold]++;
  const rows = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(names.length);
  of.forEach((fold, i) => (rows[fold][filled[fold]++] = i));
  return rows;
}

/** Right predictions in each cell [F * C]. @param predicted classes [N] */
export function countHits(predicted: Int32Array, cells: Cells): Counts {
  return countWhere(cells, (i) => predicted[i] === cells.labels[i]);
}

/** Examples in each cell [F * C] of which something holds. */
export function countWhere({ labels, of, sizes, weights }: Cells, holds: (row: number) => boolean): Counts {
  const counts = emptyCounts(sizes.length, weights);
  for (let i = 0; i < labels.length; i++) if (holds(i)) counts[of[i]] += weights ? weights[i] : 1;
  return counts;
}
