import type { MetricResult } from './diagnosis.ts';
import { mean } from './spread.ts';

/** Which p-value is meant: that scores help, or that they harm. */
export type Side = 'oneSided' | 'otherSide';

/** A product such as 0.05 * 200 may come out a hair below the whole number that it is. */
const ROUNDING = 1e-9;

/**
 * The size of the gap at which p falls to alpha, as these draws have it: p = (1 + e) / (K + 1) is at most alpha where no more than
 * e = alpha (K + 1) - 1 draws are at least as good as Clean-Q, so that Clean-Q has to be better than the draw after those. Ties count against
 * it: the gap at which a metric of steps passes lies one step further, and the place to take for a metric without steps lies half way to there (the
 * continuity correction; half way to the next draw, so that it need not be known what the steps are).
 *
 * @param values the metric of each draw [K]
 * @param better of the metric
 * @returns null of so few draws that p is never that small
 */
export function criticalGap(
  values: readonly number[],
  better: MetricResult['better'],
  side: Side,
  alpha: number,
): number | null {
  const rank = Math.floor(alpha * (values.length + 1) + ROUNDING) - 1;
  if (rank < 0) return null;
  const sign = (better === 'higher') === (side === 'oneSided') ? 1 : -1;
  const ordered = values.map((value) => sign * value).sort((a, b) => b - a);
  const reached = ordered[rank];
  const beyond = ordered.findLast((value) => value > reached) ?? reached;
  return (reached + beyond) / 2 - mean(ordered);
}
