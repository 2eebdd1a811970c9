import type { FrozenFusion } from '../model/frozen-fusion.ts';

/**
 * Is the frozen fusion the user's model? Replaying Clean-Q must give the model's own output.
 *
 * @returns what is wrong, as the rest of a sentence; null when nothing is
 */
export async function replayProblem(fusion: FrozenFusion): Promise<string | null> {
  const replayed = await fusion.replay(fusion.reliability);
  if (replayed.length !== fusion.original.length) {
    return `the replay of Clean-Q has ${replayed.length} numbers and the model's own output has ${fusion.original.length}`;
  }
  let largest = 0;
  for (let i = 0; i < replayed.length; i++) {
    if (Number.isNaN(replayed[i]) || Number.isNaN(fusion.original[i])) {
      const row = Math.floor((i * fusion.rows) / replayed.length);
      return `the fused output is not a number (NaN) in evaluated row ${row}`;
    }
    // Log-probabilities may be -Infinity, and equal infinities have no difference.
    if (replayed[i] === fusion.original[i]) continue;
    largest = Math.max(largest, Math.abs(replayed[i] - fusion.original[i]));
  }
  if (largest <= fusion.tolerance) return null;
  return `the replay of Clean-Q differs from the model's own output by up to ${largest.toPrecision(3)} (at most ${fusion.tolerance} is allowed)`;
}
