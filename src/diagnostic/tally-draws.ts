import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { TallyDraws } from './examined.ts';
import type { DrawRange } from './shard.ts';
import { startCounting } from './tally.ts';

/** Draws one after the other, or as many at a time as the fusion wants. */
export const tallyDraws: TallyDraws = async (examined, clean, { broken, range, only }) => {
  const { fusion, labels, progress } = examined;
  const { classes } = fusion;
  const draws = range.until - range.from;
  const hits = new Uint32Array(draws * classes);
  const flipped = new Uint32Array(draws);
  const tally = startCounting(labels, clean, classes);
  await predictEach(
    fusion,
    range,
    (k) => broken.draw(k, only),
    (predicted, k) => {
      const at = k - range.from;
      const counted = tally.count(predicted);
      hits.set(counted.hits, at * classes);
      flipped[at] = counted.flipped;
      progress.advance();
    },
  );
  return { hits, flipped, right: tally.right };
};

/**
 * Predicts for one set of scores after the other, in order.
 *
 * @param scoresFor the scores of draw k, which the next ones may overwrite
 * @param see is given the classes [N] of draw k, which the next ones may overwrite
 */
export async function predictEach(
  fusion: FrozenFusion,
  { from, until }: DrawRange,
  scoresFor: (k: number) => Reliability,
  see: (predicted: Int32Array, k: number) => void,
): Promise<void> {
  const { stacked } = fusion;
  if (stacked === undefined) {
    for (let k = from; k < until; k++) see(await fusion.predict(scoresFor(k)), k);
    return;
  }
  for (let start = from; start < until; start += stacked.size) {
    const size = Math.min(stacked.size, until - start);
    const stack = Array.from({ length: size }, (_, i) => copyOf(scoresFor(start + i)));
    (await stacked.predict(stack)).forEach((predicted, i) => {
      see(predicted, start + i);
    });
  }
}

function copyOf(scores: Reliability): Reliability {
  return scores.map(({ width, values }) => ({ width, values: values.slice() }));
}
