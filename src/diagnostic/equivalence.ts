import { studentCdf } from './beta-distribution.ts';
import { normalCdf } from './normal-distribution.ts';

/** What was estimated, and how surely. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** Of the standard error. Default: so many that the estimate is normal. */
  readonly degreesOfFreedom?: number;
}

/** One-sided p-values. */
export interface EquivalenceTest {
  /** Of the claim that the true value lies above the lower margin. */
  readonly above: number;
  /** Of the claim that the true value lies below the upper margin: what "no influence" needs. */
  readonly below: number;
  /** Of both: the larger one. */
  readonly both: number;
}

/**
 * Two one-sided tests (Schuirmann 1987): shows that a value is too small to matter, which no large p-value of a test against
 * 0 can. `both` <= alpha exactly where the interval of confidence 1 - 2 alpha lies between the margins.
 *
 * Without a standard error the estimate is the value: p is 0 where it lies inside, and 1 where it does not.
 */
export function equivalenceTest(
  { value, standardError, degreesOfFreedom }: Estimate,
  margins: { readonly lower: number; readonly upper: number },
): EquivalenceTest {
  const claim = (distance: number) => {
    if (standardError === 0) return distance > 0 ? 0 : 1;
    const statistic = -distance / standardError;
    return degreesOfFreedom === undefined ? normalCdf(statistic) : studentCdf(statistic, degreesOfFreedom);
  };
  const [above, below] = [claim(value - margins.lower), claim(margins.upper - value)];
  return { above, below, both: Math.max(above, below) };
}
