import { MAX_COUNT, SECONDARY_COUNT } from './schema.ts';

/** Besag and Clifford found 10 to 20 draws at least as good as Clean-Q to suffice. */
export const EXCEEDANCES = 20;

/** As many times the shuffles asked for settle p where it is not alpha to a few thousandths. */
const TIMES_MORE = 10;

/**
 * The fewest shuffles K whose smallest one-sided p-value, 1 / (K + 1), times the number of tests (Bonferroni) is at or
 * below alpha; Infinity where that is more than may be asked for.
 */
export function fewestShuffles(alpha: number, tests = 1): number {
  if (tests / alpha > MAX_COUNT + 1) return Infinity;
  let count = Math.max(1, Math.floor(tests / alpha) - 2);
  // The floor of a rounded quotient may be one off either way, so the condition itself has the last word.
  while (tests / (count + 1) > alpha) count++;
  return count;
}

/** Shuffles for each per-modality gap and positive control of a gate that names no number. */
export function defaultSecondaryCount(alpha: number, modalities: number): number {
  return Math.min(MAX_COUNT, Math.max(SECONDARY_COUNT, fewestShuffles(alpha, modalities)));
}

/** How many shuffles may be drawn where p lies near alpha, of a gate that names no number. */
export function defaultMost(count: number): number {
  return Math.min(MAX_COUNT, TIMES_MORE * count);
}
