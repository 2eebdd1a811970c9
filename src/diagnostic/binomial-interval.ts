import { betaQuantile } from './beta-distribution.ts';

/**
 * Interval of a share that was counted (Clopper and Pearson 1934): it holds the true share with at least the confidence
 * asked for, whatever the share and the number of trials. Of a p-value it is the Monte-Carlo error: `successes` of `trials`
 * shuffles were at least as good.
 *
 * @param successes 0..trials
 * @param trials at least 1
 */
export function binomialInterval(
  successes: number,
  trials: number,
  confidence: number,
): { lower: number; upper: number } {
  const tail = (1 - confidence) / 2;
  return {
    lower: lowerEnd(successes, trials, tail),
    upper: 1 - lowerEnd(trials - successes, trials, tail),
  };
}

function lowerEnd(successes: number, trials: number, tail: number): number {
  return successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1);
}
