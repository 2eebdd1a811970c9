import type { Progress } from '../foundation/logger.ts';
import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { BrokenScores } from './broken-scores.ts';
import { countHits, fraction, type Metric } from './metric.ts';
import { startCounting } from './tally.ts';

/** A frozen fusion, and what it is judged by. */
export interface Examined {
  readonly fusion: FrozenFusion;
  /** True classes [N]. */
  readonly labels: Int32Array;
  readonly metric: Metric;
  /** Advances by one with every replay of a shuffle. */
  readonly progress: Progress;
}

/** The predictions for one set of scores, and how good they are, exactly. */
export interface Measured {
  readonly predicted: Int32Array;
  /** Right predictions per class [C]. */
  readonly hits: Uint32Array;
  readonly numerator: bigint;
}

export async function measure({ fusion, labels, metric }: Examined, scores: Reliability): Promise<Measured> {
  const predicted = (await fusion.predict(scores)).slice();
  const hits = countHits(predicted, labels, fusion.classes);
  return { predicted, hits, numerator: metric.numerator(hits) };
}

export interface PValues {
  readonly oneSided: number;
  readonly otherSide: number;
  readonly twoSided: number;
}

/** What happens to the predictions when the scores are shuffled. */
export interface PermutationResult {
  readonly gap: number;
  readonly p: PValues;
  /** Metric numerator of each draw [K]. */
  readonly numerators: readonly bigint[];
  /** Right predictions per class of each draw [K][C]. */
  readonly hits: readonly Uint32Array[];
  /** Share of draws in which each example was right [N]. */
  readonly rightShare: Float64Array;
  /** Share of examples whose class changed, per draw [K]. */
  readonly flips: readonly number[];
}

/**
 * Compares `clean` with draws of `broken`.
 *
 * @param only index of the single modality to shuffle; default: all
 * @param count how many draws; default: all that `broken` has
 */
export async function permutationTest(
  { fusion, labels, metric, progress }: Examined,
  clean: Measured,
  broken: BrokenScores,
  { count = broken.count, only }: { count?: number; only?: number } = {},
): Promise<PermutationResult> {
  const hits: Uint32Array[] = [];
  const flips: number[] = [];
  const tally = startCounting(labels, clean.predicted, fusion.classes);
  for (let k = 0; k < count; k++) {
    const predicted = await fusion.predict(broken.draw(k, only));
    const counted = tally.count(predicted);
    hits.push(counted.hits);
    flips.push(counted.flipped / labels.length);
    progress.advance();
  }
  const numerators = hits.map((drawHits) => metric.numerator(drawHits));
  return {
    gap: gapOf(clean.numerator, numerators, metric.denominator),
    p: pValues(clean.numerator, numerators),
    numerators,
    hits,
    rightShare: Float64Array.from(tally.right, (times) => times / count),
    flips,
  };
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
  let atLeast = 1;
  let atMost = 1;
  for (const numerator of broken) {
    if (numerator >= clean) atLeast++;
    if (numerator <= clean) atMost++;
  }
  const draws = broken.length + 1;
  return {
    oneSided: atLeast / draws,
    otherSide: atMost / draws,
    twoSided: Math.min(1, (2 * Math.min(atLeast, atMost)) / draws),
  };
}
