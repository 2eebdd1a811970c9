import { binomialInterval } from './binomial-interval.ts';
import type { Interval } from './bootstrap-interval.ts';
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

/** Draws that may be too few. */
export interface Doubling<Drawn> {
  /** Number of draws at most. */
  readonly most: number;
  /** Number of draws there are. */
  readonly made: (drawn: Drawn) => number;
  /** Whether the verdict hangs on more of these draws. */
  readonly isOpen: (drawn: Drawn) => boolean;
  readonly drawMore: (range: DrawRange) => Promise<Drawn>;
  readonly join: (parts: readonly Drawn[]) => Drawn;
}

/**
 * Doubles the draws, up to `most`, while the p-value on which the verdict hangs may lie on either side of alpha. Each draw
 * depends on its number alone: how many were made before changes none.
 */
export async function drawUntilSettled<Drawn>(
  first: Drawn,
  { most, made, isOpen, drawMore, join }: Doubling<Drawn>,
): Promise<Drawn> {
  let drawn = first;
  for (let from = made(drawn); from < most && isOpen(drawn); from = made(drawn)) {
    drawn = join([drawn, await drawMore({ from, until: Math.min(2 * from, most) })]);
  }
  return drawn;
}
