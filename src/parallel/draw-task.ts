import type { ShuffleSource } from '../diagnostic/broken-scores.ts';
import type { Cells, Counts } from '../diagnostic/cells.ts';
import { scoresFrom } from '../diagnostic/rotations.ts';
import type { DrawRange } from '../diagnostic/shard.ts';
import { startCounting } from '../diagnostic/tally.ts';
import { fusionKernel } from '../model/cached-experts/kernel.ts';
import type { FusionRecipe } from '../model/cached-experts/recipe.ts';

/** Draws that several threads make, each the next one that no other has begun. Its large arrays are in shared memory. */
export interface DrawTask {
  readonly recipe: FusionRecipe;
  readonly source: ShuffleSource;
  /** Index of the single modality to shuffle; default: all. */
  readonly only?: number;
  readonly range: DrawRange;
  readonly cells: Cells;
  /** Classes that are predicted with Clean-Q [N]. */
  readonly clean: Int32Array;
  /** How many draws were begun, by all threads [1]. */
  readonly begun: Int32Array;
  /** Right predictions per cell of each draw [draws * F * C]: written by the thread that made it. */
  readonly hits: Counts;
  /** Examples whose class is not that of Clean-Q, per draw [draws]. */
  readonly flipped: Counts;
  /** Cells of each column that makes slices, and right predictions per cell of each draw. */
  readonly slices: readonly { readonly cells: Cells; readonly hits: Counts }[];
}

/**
 * Makes draws until none is left.
 *
 * @returns draws made here in which each example was right [N]
 */
export function makeDraws(task: DrawTask): Uint32Array {
  const { recipe, source, only, range, cells, begun, hits, flipped } = task;
  const kernel = fusionKernel(recipe);
  const broken = scoresFrom(source);
  const tally = startCounting(cells, task.clean);
  const slices = task.slices.map((slice) => ({ ...slice, tally: startCounting(slice.cells, task.clean) }));
  const next = (): number => Atomics.add(begun, 0, 1);
  for (let at = next(); at < flipped.length; at = next()) {
    const predicted = kernel.predict(broken.draw(range.from + at, only));
    const counted = tally.count(predicted);
    hits.set(counted.hits, at * cells.sizes.length);
    flipped[at] = counted.flipped;
    for (const slice of slices) {
      slice.hits.set(slice.tally.count(predicted).hits, at * slice.cells.sizes.length);
    }
  }
  return tally.right.slice();
}
