import type { Exchange } from './exchange.ts';

/** What is known of the evaluated examples besides what a model makes of them. */
export interface Examples extends Exchange {
  /** True classes [N], each in 0..C-1. */
  readonly labels: Int32Array;
  /** Cluster of each example [N], such as its subject: the bootstrap draws clusters whole. Default: each is its own. */
  readonly clusters?: Int32Array;
  /** What shuffles stay within, in words. */
  readonly withinWhat?: readonly string[];
  /** Shuffles stay within them, as `within` says. Default: all examples are one fold. */
  readonly folds?: Folds;
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
