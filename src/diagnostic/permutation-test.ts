import { fraction, type CountedMetric } from './metric.ts';
import { median } from './quantile.ts';

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
 */
export function permutationTest(clean: bigint, hits: Uint32Array, metric: CountedMetric): PermutationResult {
  const numerators = numeratorsOf(hits, metric);
  return {
    gap: gapOf(clean, numerators, metric.denominator),
    p: pValues(clean, numerators),
    numerators,
  };
}

/** Metric numerator of each draw [K]. @param hits right predictions per cell of each draw [K * F * C] */
export function numeratorsOf(hits: Uint32Array, metric: CountedMetric): bigint[] {
  return perDraw(hits, metric.cells).map((ofDraw) => metric.numerator(ofDraw));
}

/** [K * cells] as K times [cells]. */
export function perDraw(hits: Uint32Array, cells: number): Uint32Array[] {
  return Array.from({ length: hits.length / cells }, (_, k) => hits.subarray(k * cells, (k + 1) * cells));
}

/** metric(Clean-Q) - mean over draws of metric(Broken-Q), rounded once. */
export function gapOf(clean: bigint, broken: readonly bigint[], denominator: bigint): number {
  const draws = BigInt(broken.length);
  const sum = broken.reduce((total, numerator) => total + numerator, 0n);
  return fraction(draws * clean - sum, draws * denominator);
}

/**
 * Permutation p-values with the observed arrangement counted as one of the draws (Phipson and Smyth 2010), so that they
 * are never 0; ties count against the claim.
 *
 * oneSided: (1 + #{Broken >= Clean}) / (K + 1), as in the paper. otherSide: the same with Broken <= Clean. twoSided:
 * twice the smaller, at most 1.
 */
export function pValues(clean: bigint, broken: readonly bigint[]): PValues {
  let atLeast = 0;
  let atMost = 0;
  for (const numerator of broken) {
    if (numerator >= clean) atLeast++;
    if (numerator <= clean) atMost++;
  }
  return pValuesOf(atLeast, atMost, broken.length);
}

/** The same of counts: how many of the draws are at least, and how many at most, as good as Clean-Q. */
export function pValuesOf(atLeast: number, atMost: number, draws: number): PValues {
  return {
    oneSided: (1 + atLeast) / (draws + 1),
    otherSide: (1 + atMost) / (draws + 1),
    twoSided: Math.min(1, (2 * Math.min(1 + atLeast, 1 + atMost)) / (draws + 1)),
  };
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
