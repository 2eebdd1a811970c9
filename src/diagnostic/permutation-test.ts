import { fraction, type CountedMetric } from './metric.ts';

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
 * @param hits right predictions per class of each draw [K * C]
 */
export function permutationTest(clean: bigint, hits: Uint32Array, metric: CountedMetric): PermutationResult {
  const numerators = numeratorsOf(hits, metric);
  return {
    gap: gapOf(clean, numerators, metric.denominator),
    p: pValues(clean, numerators),
    numerators,
  };
}

/** Metric numerator of each draw [K]. @param hits right predictions per class of each draw [K * C] */
export function numeratorsOf(hits: Uint32Array, metric: CountedMetric): bigint[] {
  return perDraw(hits, metric.classes).map((ofDraw) => metric.numerator(ofDraw));
}

/** [K * C] as K times [C]. */
export function perDraw(hits: Uint32Array, classes: number): Uint32Array[] {
  return Array.from({ length: hits.length / classes }, (_, k) =>
    hits.subarray(k * classes, (k + 1) * classes),
  );
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
