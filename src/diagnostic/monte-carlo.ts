import { binomialInterval } from './binomial-interval.ts';
import type { Interval } from './bootstrap-interval.ts';
import { joinDraws } from './join-measurements.ts';
import type { MainDraws } from './measurements.ts';
import type { PValues } from './permutation-test.ts';
import type { DrawRange } from './shard.ts';

/** Confidence of the interval of a p-value. High, as it is looked at after each doubling. */
export const P_CONFIDENCE = 0.99;

/**
 * Where a p-value would lie with unlimited shuffles (Clopper and Pearson 1934): the Monte-Carlo error of
 * p = (1 + successes) / (draws + 1).
 *
 * @param times what p was multiplied with, up to 1 (Bonferroni, or two sides)
 */
export function pInterval(p: number, draws: number, times = 1): Interval {
  const successes = Math.round((p / times) * (draws + 1)) - 1;
  const { lower, upper } = binomialInterval(Math.max(0, successes), draws, P_CONFIDENCE);
  return { lower: Math.min(1, times * lower), upper: Math.min(1, times * upper) };
}

/** Whether more shuffles might bring p to the other side of alpha. */
export function straddles({ lower, upper }: Interval, alpha: number): boolean {
  return lower <= alpha && alpha < upper;
}

/** The p-value on which the verdict hangs; undefined where the gap lies within the threshold. */
export function decidingP(
  { gap, p }: { readonly gap: number; readonly p: Pick<PValues, 'oneSided' | 'otherSide'> },
  threshold: number,
): number | undefined {
  if (gap >= threshold) return p.oneSided;
  return gap <= -threshold ? p.otherSide : undefined;
}

/**
 * Doubles the draws, up to `most`, while the p-value on which the verdict hangs may lie on either side of alpha. Each draw
 * depends on its number alone: how many were made before changes none.
 *
 * @param isOpen whether the verdict hangs on more of these draws
 */
export async function drawUntilSettled(
  first: MainDraws,
  most: number,
  isOpen: (draws: MainDraws) => boolean,
  drawMore: (range: DrawRange) => Promise<MainDraws>,
): Promise<MainDraws> {
  let draws = first;
  while (draws.flipped.length < most && isOpen(draws)) {
    const from = draws.flipped.length;
    draws = joinDraws([draws, await drawMore({ from, until: Math.min(2 * from, most) })]);
  }
  return draws;
}
