import type { TallyDraws } from './examined.ts';
import { emptyOutcomes } from './outcomes.ts';
import { predictEach } from './predict.ts';
import { startCounting } from './tally.ts';

/** Draws one after the other, or as many at a time as the fusion wants. */
export const tallyDraws: TallyDraws = async (examined, clean, { broken, range, only, units }) => {
  const { fusion, cells, gauges, progress } = examined;
  const [width, folds] = [cells.sizes.length, cells.folds.names.length];
  const draws = range.until - range.from;
  const { hits, values } = emptyOutcomes(draws, cells, gauges.length);
  const flipped = new Uint32Array(draws);
  const tally = startCounting(cells, clean);
  await predictEach(
    fusion,
    gauges,
    range,
    (k) => broken.draw(k, only),
    (predicted, k) => {
      const at = k - range.from;
      const counted = tally.count(predicted.classes);
      hits.set(counted.hits, at * width);
      flipped[at] = counted.flipped;
      gauges.forEach((gauge, g) => {
        const sums = k < gauge.unitDraws ? units?.[g] : undefined;
        values.set(gauge.values(predicted, sums), (at * gauges.length + g) * folds);
      });
      progress.advance();
    },
  );
  return { hits, values, flipped, right: tally.right };
};
