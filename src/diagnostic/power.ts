import { normalCdf, normalQuantile } from './normal-distribution.ts';

/** Share of evaluation sets in which a gap should be settled: the usual one. */
const POWER = 0.8;

/** Beyond this many times the examples, more of them are no advice. */
const MOST_TIMES = 100;

/** How much the gap depends on chance, and what it is held against. */
export interface Uncertainty {
  readonly gap: number;
  /** Of the gap, over examples. */
  readonly standardError: number;
  /** The size at which the p-values of the verdict fall to alpha (see `criticalGapsOf`). */
  readonly criticalGap: number;
  readonly threshold: number;
  readonly alpha: number;
  /** How many were evaluated. Default: those of the groups. */
  readonly examples?: number;
  /** Examples, or clusters of them, in each group that the metric averages over: its classes, or all in one. */
  readonly groups: readonly number[];
  /** The most that one example or cluster can make of the gap, in shares of its group; null where there is no bound. */
  readonly mostPerExample: number | null;
}

/**
 * The smallest true gap that passes in 80 % of such evaluation sets: those in which the gap reaches the threshold, and what its
 * p-values ask for. The gap is taken for normal about the true one; what chance does in shuffles is as they have it.
 */
export function detectableGap({
  standardError,
  criticalGap,
  threshold,
}: Pick<Uncertainty, 'standardError' | 'criticalGap' | 'threshold'>): number {
  return Math.max(threshold, criticalGap) + normalQuantile(POWER) * standardError;
}

/**
 * The largest gap that a kind of example could make which is not among these, at level alpha: of n examples none is of a
 * kind that makes up a share 1 - alpha^(1/n) of their source (and of n subjects, none of such a kind of subject) (Clopper and Pearson 1934, the "rule of three": 3/n at 5 %).
 *
 * @returns null where what an example can make has no bound
 */
export function unseenGap({
  groups,
  alpha,
  mostPerExample,
}: Pick<Uncertainty, 'groups' | 'alpha' | 'mostPerExample'>): number | null {
  if (mostPerExample === null) return null;
  return Math.max(...groups.map((size) => (mostPerExample * (1 - alpha ** (1 / size))) / groups.length));
}

/**
 * How many examples like these would settle a true gap of the size found, in 80 % of evaluation sets: as influence or harm
 * where it reaches the threshold, as neither where it does not. Errors shrink with the square root of their number.
 *
 * @returns null where it would be over a hundred times as many: the gap lies too near the threshold
 */
export function examplesNeeded(uncertainty: Uncertainty): number | null {
  const isNone = Math.abs(uncertainty.gap) < uncertainty.threshold;
  const times = isNone ? timesToBeNone(uncertainty) : timesToBeSome(uncertainty);
  if (times > MOST_TIMES) return null;
  const examples = uncertainty.examples ?? uncertainty.groups.reduce((sum, size) => sum + size, 0);
  return Math.ceil(examples * Math.max(times, isNone ? timesToSeeAll(uncertainty) : 0));
}

/**
 * Until two one-sided tests against the threshold both succeed, of which each may fail: with a standard error of 1 / u they do
 * in Phi(u (threshold - gap) - z) + Phi(u (threshold + gap) - z) - 1 of the sets, where z is the quantile of 1 - alpha (Phillips 1990;
 * Julious 2004, "Sample sizes for clinical trials with normal data", section 5.2.1). Of a gap of 0 each has to succeed in 90 %.
 */
function timesToBeNone({ gap, standardError, threshold, alpha }: Uncertainty): number {
  const size = Math.abs(gap);
  const z = normalQuantile(1 - alpha);
  const succeed = (u: number): number =>
    normalCdf(u * (threshold - size) - z) + normalCdf(u * (threshold + size) - z) - 1;
  // The nearer test alone would ask for the lower bound; with the upper one, neither fails in more than half of what may.
  let [low, high] = [POWER, (1 + POWER) / 2].map((share) => (z + normalQuantile(share)) / (threshold - size));
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (succeed(middle) < POWER) low = middle;
    else high = middle;
  }
  return (high * standardError) ** 2;
}

/** Enough to leave nothing of an interval of which the ends are alike. */
const BISECTIONS = 50;

/** Until no kind of example that could make a gap of the threshold may have been missed. */
function timesToSeeAll({ threshold, alpha, groups, mostPerExample }: Uncertainty): number {
  if (mostPerExample === null) return 0;
  const share = (threshold * groups.length) / mostPerExample;
  if (share >= 1) return 0;
  // A hair off, as a float may make 299.0000001 of what is 299.
  const fewest = Math.ceil(Math.log(alpha) / Math.log1p(-share) - 1e-9);
  return Math.max(...groups.map((size) => fewest / size));
}

/** Until the smallest gap that would pass is the one found. What p asks for shrinks as the errors do, if not faster. */
function timesToBeSome({ gap, standardError, criticalGap, threshold }: Uncertainty): number {
  const size = Math.abs(gap);
  const missed = normalQuantile(POWER) * standardError;
  const byP = ((criticalGap + missed) / size) ** 2;
  return missed === 0 ? byP : Math.max(byP, (missed / (size - threshold)) ** 2);
}
