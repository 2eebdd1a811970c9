import type { Exchange } from './exchange.ts';

/** What is known of the evaluated examples besides what a model makes of them. */
export interface Examples extends Exchange {
  /** True classes [N], each in 0..C-1. */
  readonly labels: Int32Array;
  /** Cluster of each example [N], such as its subject: the bootstrap draws clusters whole. Default: each is its own. */
  readonly clusters?: Int32Array;
  /** What shuffles stay within, in words. */
  readonly withinWhat?: readonly string[];
}
