import type { ModalityMeasure } from './plots.ts';

/** Commits that are in view at first. */
const FIRST_SPAN = 200;

/** What a reader looks at; it outlives a plot, which is made anew for another width. */
export interface View {
  /** The commit that is read out. */
  at: number;
  /** It stays, wherever the pointer goes. */
  held: boolean;
  measure: ModalityMeasure;
  /** How many of the newest commits are in view. */
  span: number;
}

/** The newest commits, and the very newest read out. */
export function firstView(count: number): View {
  return { at: count - 1, held: false, measure: 'gap', span: Math.min(FIRST_SPAN, count) };
}
