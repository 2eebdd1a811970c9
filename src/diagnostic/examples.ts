/** What is known of the evaluated examples besides what a model makes of them. */
export interface Examples {
  /** True classes [N], each in 0..C-1. */
  readonly labels: Int32Array;
}
