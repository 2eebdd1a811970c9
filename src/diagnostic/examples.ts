import type { Exchange } from './exchange.ts';

/** What is true of N examples: their classes, their values, or the labels that each has. */
export type Truth =
  /** True classes [N], each in 0..C-1. */
  | { readonly labels: Int32Array }
  /** True values [N]. */
  | { readonly values: Float64Array }
  /** True labels [N * width], of which an example may have several: 1 where it has the label. */
  | { readonly sets: Uint8Array; readonly width: number };

/** Which scores of the examples may change places, and which of them hang together. */
export interface Structure extends Exchange {
  /** Cluster of each example [N], such as its subject: the bootstrap draws clusters whole. Default: each is its own. */
  readonly clusters?: Int32Array;
  /**
   * Whole weights [N] (see `wholeWeights`), by which every mean and metric over examples is weighted. Default: each counts as
   * one.
   */
  readonly weights?: Float64Array;
  /** What shuffles stay within, in words. */
  readonly withinWhat?: readonly string[];
  /** Shuffles stay within them, as `within` says. Default: all examples are one fold. */
  readonly folds?: Folds;
  /** Parts of the examples in which the gap is looked at besides. */
  readonly slices?: readonly SliceColumn[];
}

/** Most slices of one column, and fewest examples of a slice whose gap is worth a look. */
export const MAX_SLICES = 50;
export const FEWEST_IN_SLICE = 20;

/** Slices of one column: right predictions are counted by slice, class and repeat. */
export function mostSlices(classes: number, folds?: Folds): number {
  return Math.min(MAX_SLICES, Math.floor(MAX_CELLS / classes / (folds?.repeats.length ?? 1)));
}

/** Slices that one column makes: examples that have one value in it. */
export interface SliceColumn {
  readonly column: string;
  /** Number of the slice of each row [N], from 0. */
  readonly of: Int32Array;
  /** Its values, by number [S]. */
  readonly names: readonly string[];
}

/** What is known of the evaluated examples besides what a model makes of them. */
export type Examples = Truth & Structure;

export const TASKS = ['classification', 'regression', 'multi-label'] as const;
/** What a model does: it tells classes, a value, or which of several labels an example has. */
export type Task = (typeof TASKS)[number];

/**
 * The truth in every form that a metric may ask for; a form that it does not have is empty.
 *
 * What has no classes counts as one class, which every example has and every prediction is. So right predictions are
 * counted everywhere in the same way, and say something where there are classes.
 */
export interface Targets {
  readonly task: Task;
  /** True classes [N]. */
  readonly labels: Int32Array;
  /** Number of classes C. */
  readonly classes: number;
  /** True values [N]. */
  readonly values: Float64Array;
  /** True labels, of which an example may have several. */
  readonly sets: Uint8Array;
  readonly width: number;
}

/** @param classes of the fused output */
export function targetsOf(truth: Truth, classes: number): Targets {
  const none = { values: new Float64Array(), sets: new Uint8Array(), width: 0 };
  if ('sets' in truth) {
    const labels = new Int32Array(truth.sets.length / truth.width);
    return { ...none, task: 'multi-label', labels, classes: 1, sets: truth.sets, width: truth.width };
  }
  return 'labels' in truth
    ? { ...none, task: 'classification', labels: truth.labels, classes }
    : {
        ...none,
        task: 'regression',
        labels: new Int32Array(truth.values.length),
        classes: 1,
        values: truth.values,
      };
}

/** Most folds of one gate, and most cells (a class of a fold): counts are kept by cell and draw. */
export const MAX_FOLDS = 200;
export const MAX_CELLS = 10_000;

/** Parts of the evaluated rows that are judged apart and together: metrics are means over folds. */
export interface Folds {
  /** Number of the fold of each row [N], from 0. */
  readonly of: Int32Array;
  /** By number [F]. */
  readonly names: readonly string[];
  /** Numbers of the folds of each repeat: no two folds of a repeat share an example, and those of different ones may. */
  readonly repeats: readonly (readonly number[])[];
}
