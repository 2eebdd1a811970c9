import { emptyCounts } from './cells.ts';
import type { TallyDraws } from './examined.ts';
import { movementFrom } from './movement.ts';
import { emptyOutcomes } from './outcomes.ts';
import { predictEach } from './predict.ts';
import { countSlices } from './slices.ts';
import { startCounting } from './tally.ts';

/** Draws one after the other, or as many at a time as the fusion wants. */
export const tallyDraws: TallyDraws = async (examined, clean, { broken, range, only, units, slices }) => {
  const { fusion, cells, gauges, progress } = examined;
  const [width, folds] = [cells.sizes.length, cells.folds.names.length];
  const draws = range.until - range.from;
  const { hits, values } = emptyOutcomes(draws, cells, gauges.length);
  const flipped = emptyCounts(draws, cells.weights);
  const tally = startCounting(cells, clean.classes);
  const movement = movementFrom(clean, fusion, cells.weights);
  const moved = new Float64Array(movement ? draws : 0);
  const counters = slices?.map((slicing) => countSlices(slicing, clean.classes, draws));
  await predictEach(
    fusion,
    gauges,
    range,
    (k) => broken.draw(k, only),
    (predicted, k) => {
      const at = k - range.from;
      const counted = tally.count(predicted.classes);
      hits.set(counted.hits, at * width);
      const { changed, distance } = movement?.(predicted) ?? { changed: counted.flipped, distance: 0 };
      flipped[at] = changed;
      if (movement) moved[at] = distance;
      gauges.forEach((gauge, g) => {
        const sums = k < gauge.unitDraws ? units?.[g] : undefined;
        values.set(gauge.values(predicted, sums), (at * gauges.length + g) * folds);
      });
      counters?.forEach((counter) => {
        counter.count(predicted, at, k);
      });
      progress.advance();
    },
  );
  return {
    hits,
    values,
    flipped,
    moved,
    right: tally.right,
    ...(counters && { slices: counters.map((counter) => counter.draws) }),
  };
};
