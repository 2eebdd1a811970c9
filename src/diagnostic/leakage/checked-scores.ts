import type { ExpertOutput, ExpertOutputs, Reliability } from '../../model/frozen-fusion.ts';

/** What the leakage checks look at: N evaluated examples, C classes, M modalities. */
export interface CheckedSet {
  readonly modalities: readonly string[];
  /** Clean-Q. */
  readonly reliability: Reliability;
  readonly experts?: ExpertOutputs;
  /** What the model predicts with equal scores (No-Q), so that the scores themselves are not in it. */
  readonly withoutScores: ExpertOutput;
  /** True classes [N]. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Class names, where the config gives them [C]. */
  readonly classNames?: readonly string[];
  /** What tells examples apart (an id, or a hash of the evidence) and the block each is in [N], where there are blocks. */
  readonly blocked?: { readonly keys: readonly string[]; readonly blocks: readonly string[] };
}

/** One number for each example: the score of a modality, or one entry of a score that is a vector. */
export interface SingleScore {
  /** Index of the modality. */
  readonly modality: number;
  /** How a sentence begins that speaks of it. */
  readonly name: string;
  /** [N] */
  readonly values: Float64Array;
}

/** All scores as single numbers. */
export function singleScores({ modalities, reliability }: CheckedSet): SingleScore[] {
  return reliability.flatMap(({ width, values }, modality) =>
    Array.from({ length: width }, (_, d) => ({
      modality,
      name: `The score of ${modalities[modality]}${width === 1 ? '' : ` (entry ${d}, counting from 0)`}`,
      values: width === 1 ? values : values.filter((_, i) => i % width === d),
    })),
  );
}

/** How sentences call a class. */
export function nameOfClass({ classNames }: CheckedSet, c: number): string {
  return classNames === undefined ? `class ${c}` : `class ${c} (${classNames[c]})`;
}
