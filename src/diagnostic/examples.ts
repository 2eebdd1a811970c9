/** What is known of the evaluated examples besides what a model makes of them. */
export interface Examples {
  /** True classes [N], each in 0..C-1. */
  readonly labels: Int32Array;
  /** Group of each example [N], numbers from 0, that no shuffle takes a score out of. Default: all are one group. */
  readonly within?: Int32Array;
  /** Default: all examples are one fold. */
  readonly folds?: Folds;
}

/** Most folds of one gate, and most cells (a class of a fold): counts are kept by cell and draw. */
export const MAX_FOLDS = 200;
export const MAX_CELLS = 10_000;

/** Parts of the evaluated rows that are judged apart and together: metrics are means over folds, and no shuffle leaves one. */
export interface Folds {
  /** Number of the fold of each row [N], from 0. */
  readonly of: Int32Array;
  /** By number [F]. */
  readonly names: readonly string[];
  /** Numbers of the folds of each repeat: no two folds of a repeat share an example, and those of different ones may. */
  readonly repeats: readonly (readonly number[])[];
  /** Number of the example that each row is about [N], from 0. Default: each row is about an example of its own. */
  readonly example?: Int32Array;
}
