import type { ExpertOutput } from './frozen-fusion.ts';

/** What the numbers of an expert are, and where its modality is present, [N]; undefined: on every row. */
export interface Said {
  readonly width: number;
  readonly kind: string;
  readonly present: Uint8Array | undefined;
}

/**
 * Overwrites what an expert says where its modality is absent with what says nothing: equal probabilities, which as logits say
 * nothing too, and of evidence and values zeros. Rules leave such an expert out; no number of the file, which may be NaN, gets
 * any further.
 *
 * @param values [N * width]
 */
export function sayNothing(values: Float64Array, { width, kind, present }: Said): Float64Array {
  if (present === undefined) return values;
  const isOfClasses = kind === 'probabilities' || (kind === 'logits' && width > 1);
  const nothing = isOfClasses ? 1 / Math.max(2, width) : 0;
  present.forEach((isPresent, row) => {
    if (isPresent === 0) values.fill(nothing, row * width, (row + 1) * width);
  });
  return values;
}

/** The same expert, which is never right where its modality is absent. */
export function absentExpert(output: ExpertOutput, present: Uint8Array | undefined): ExpertOutput {
  if (present === undefined) return output;
  return { ...output, present, classes: output.classes.map((c, row) => (present[row] === 1 ? c : -1)) };
}
