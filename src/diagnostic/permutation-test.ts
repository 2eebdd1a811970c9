import { fraction, type CountedMetric } from './metric.ts';
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
 * @param hits right predictions per class of each draw [K * C]
 * @param stopping where draws stop early
 */
export function permutationTest(
  clean: bigint,
  hits: Uint32Array,
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
