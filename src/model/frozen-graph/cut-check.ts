import type { Floats } from '../decision.ts';
import type { Reliability } from '../frozen-fusion.ts';
import type { CutModel } from '../loaded-model.ts';
import type { Replay } from './replays.ts';

/** How far a model in two parts is from the model. */
export interface CutCheck {
  /** The largest |difference|, of Clean-Q and of the shuffle that was tried. */
  readonly difference: number;
  /** What the engine may leave: 0 where it left nothing. */
  readonly tolerance: number;
}

/**
 * Does the suffix compute what the model does? On Clean-Q always; where scores are inputs, also on one shuffle of them.
 *
 * @param original the model's own outputs on Clean-Q
 * @param whole replays the whole model; undefined where that cannot be fed other scores
 */
export async function checkCut(
  { tolerance }: CutModel,
  clean: Reliability,
  original: Floats,
  suffix: Replay,
  whole: Replay | undefined,
): Promise<CutCheck> {
  let difference = largestDifference((await suffix(clean)).values, original);
  if (whole !== undefined) {
    const other = clean.map(reversed);
    const [found, wanted] = [await suffix(other), await whole(other)];
    difference = Math.max(difference, largestDifference(found.values, wanted.values));
  }
  const size = largestDifference(original, new Float32Array(original.length));
  return { difference, tolerance: difference === 0 ? 0 : tolerance * size };
}

/** The scores of the last row for the first, and so on: a shuffle that leaves few in their place. */
function reversed({ width, values }: Reliability[number]): Reliability[number] {
  const rows = values.length / width;
  const turned = values.map((_, i) => values[(rows - 1 - Math.floor(i / width)) * width + (i % width)]);
  return { width, values: turned };
}

function largestDifference(found: Floats, wanted: Floats): number {
  if (found.length !== wanted.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < found.length; i++) largest = Math.max(largest, Math.abs(found[i] - wanted[i]));
  return largest;
}
