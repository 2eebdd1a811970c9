import type { Counts } from './cells.ts';
import { fraction, type CountedMetric } from './metric.ts';
import { median } from './quantile.ts';
import { sequentialP, type StoppingRule } from './sequential.ts';

export interface PValues {
  readonly oneSided: number;
  readonly otherSide: number;
  readonly twoSided: number;
}

/** What happens to the metric when the scores are shuffled. */
export interface PermutationResult {
  readonly gap: number;
  readonly p: PValues;
  /** Metric numerator of each draw [K]. */
  readonly numerators: readonly bigint[];
}

/**
 * Compares Clean-Q with draws of Broken-Q.
 *
 * @param clean metric numerator of Clean-Q
 * @param hits right predictions per cell of each draw [K * F * C]
 * @param stopping where draws stop early
 */
export function permutationTest(
  clean: bigint,
  hits: Counts,
  metric: CountedMetric,
  stopping?: StoppingRule,
): PermutationResult {
  const numerators = numeratorsOf(hits, metric);
  return {
    gap: gapOf(clean, numerators, metric.denominator),
    p: pValues(exceedancesOf(clean, numerators), stopping),
    numerators,
  };
}

/** Metric numerator of each draw [K]. @param hits right predictions per cell of each draw [K * F * C] */
export function numeratorsOf(hits: Counts, metric: CountedMetric): bigint[] {
  return perDraw(hits, metric.cells).map((ofDraw) => metric.numerator(ofDraw));
}

/** [K * cells] as K times [cells]. */
export function perDraw(hits: Counts, cells: number): Counts[] {
  return Array.from({ length: hits.length / cells }, (_, k) => hits.subarray(k * cells, (k + 1) * cells));
}

/** metric(Clean-Q) - mean over draws of metric(Broken-Q), rounded once. */
export function gapOf(clean: bigint, broken: readonly bigint[], denominator: bigint): number {
  const draws = BigInt(broken.length);
  const sum = broken.reduce((total, numerator) => total + numerator, 0n);
  return fraction(draws * clean - sum, draws * denominator);
}

/** Of each draw in order [K]: ties are both. */
export interface Exceedances {
  /** At least as good as Clean-Q. */
  readonly atLeast: readonly boolean[];
  /** At most as good. */
  readonly atMost: readonly boolean[];
}

export function exceedancesOf(clean: bigint, broken: readonly bigint[]): Exceedances {
  return {
    atLeast: broken.map((numerator) => numerator >= clean),
    atMost: broken.map((numerator) => numerator <= clean),
  };
}

/**
 * Permutation p-values with the observed arrangement counted as one of the draws (Phipson and Smyth 2010), so that they
 * are never 0; ties count against the claim.
 *
 * oneSided: (1 + #{Broken >= Clean}) / (K + 1), as in the paper. otherSide: the same with Broken <= Clean. twoSided:
 * twice the smaller, at most 1. Where draws stop early, each side is as `sequentialP` says.
 */
export function pValues({ atLeast, atMost }: Exceedances, stopping?: StoppingRule): PValues {
  const [oneSided, otherSide] = [atLeast, atMost].map((exceeds) =>
    stopping ? sequentialP(exceeds, stopping) : (1 + exceeds.filter(Boolean).length) / (exceeds.length + 1),
  );
  return { oneSided, otherSide, twoSided: Math.min(1, 2 * Math.min(oneSided, otherSide)) };
}

/**
 * p-values of repeats that share examples, and so depend on each other in nobody knows which way: twice their median, which
 * holds its level whatever that way is (Rueger 1978; Meinshausen, Meier and Buehlmann 2009, for a quantile of 1/2). Their
 * shuffles must not be taken together: those are independent of each other, and what they are held against is not.
 */
export function pOfRepeats(repeats: readonly PValues[]): PValues {
  const twiceMedian = (side: keyof PValues): number =>
    Math.min(1, 2 * median(Float64Array.from(repeats, (p) => p[side])));
  const [oneSided, otherSide] = [twiceMedian('oneSided'), twiceMedian('otherSide')];
  return { oneSided, otherSide, twoSided: Math.min(1, 2 * Math.min(oneSided, otherSide)) };
}
