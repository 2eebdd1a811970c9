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
  /** Examples in each cell [F * C]. */
  readonly sizes: Uint32Array;
  readonly folds: Folds;
}

/** @param folds default: all examples are one fold */
export function cellsOf(labels: Int32Array, classes: number, folds: Folds = oneFold(labels.length)): Cells {
  const of = labels.map((label, i) => classes * folds.of[i] + label);
  const sizes = new Uint32Array(classes * folds.names.length);
  for (const cell of of) sizes[cell]++;
  return { labels, classes, of, sizes, folds };
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
export function cellsIn({ labels, uniform, folds }: Pick<Facts, 'labels' | 'uniform' | 'folds'>): Cells {
  return cellsOf(labels, uniform.length / (folds?.names.length ?? 1), folds ?? undefined);
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
export function countHits(predicted: Int32Array, { labels, of, sizes }: Cells): Uint32Array {
  const hits = new Uint32Array(sizes.length);
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) hits[of[i]]++;
  return hits;
}
