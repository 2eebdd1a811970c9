import type { ExpertOutput, ExpertOutputs, Reliability } from '../../model/frozen-fusion.ts';
import { presentRows, zeroWhereAbsent } from '../presence.ts';

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

/** The examples on which modality m is present; of other modalities that are absent there, scores of 0. */
export function examplesWith(set: CheckedSet, m: number): CheckedSet {
  const rows = presentRows(set.reliability[m], set.labels.length);
  const { experts, withoutScores, reliability, labels, classes } = set;
  return {
    ...set,
    reliability: reliability.map((one) => ({
      width: one.width,
      values: takeRows(zeroWhereAbsent(one.values, one, one.width), rows, one.width),
    })),
    ...(experts && { experts: experts.map((expert) => outputOn(expert, rows, classes)) }),
    withoutScores: outputOn(withoutScores, rows, classes),
    labels: Int32Array.from(rows, (row) => labels[row]),
    blocked: undefined,
  };
}

function outputOn(
  { classes, posteriors, values }: ExpertOutput,
  rows: Uint32Array,
  width: number,
): ExpertOutput {
  return {
    classes: Int32Array.from(rows, (row) => classes[row]),
    ...(posteriors && { posteriors: takeRows(posteriors, rows, width) }),
    ...(values && { values: takeRows(values, rows, 1) }),
  };
}

function takeRows(values: Float64Array, rows: Uint32Array, width: number): Float64Array {
  return Float64Array.from(
    { length: rows.length * width },
    (_, i) => values[rows[Math.floor(i / width)] * width + (i % width)],
  );
}

/** How sentences call a class. */
export function nameOfClass({ classNames }: CheckedSet, c: number): string {
  return classNames === undefined ? `class ${c}` : `class ${c} (${classNames[c]})`;
}
