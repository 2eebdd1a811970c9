/** What is known of the evaluated examples besides what a model makes of them. */
export interface Examples {
  /** True classes [N], each in 0..C-1. */
  readonly labels: Int32Array;
  /** Group of each example [N], numbers from 0, that no shuffle takes a score out of. Default: all are one group. */
  readonly within?: Int32Array;
}
