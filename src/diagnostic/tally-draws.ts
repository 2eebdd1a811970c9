import type { TallyDraws } from './examined.ts';
import { emptyOutcomes } from './outcomes.ts';
import { predictEach } from './predict.ts';
import { startCounting } from './tally.ts';

/** Draws one after the other, or as many at a time as the fusion wants. */
export const tallyDraws: TallyDraws = async (examined, clean, { broken, range, only, units }) => {
  const { fusion, labels, gauges, progress } = examined;
  const { classes } = fusion;
  const draws = range.until - range.from;
  const { hits, values } = emptyOutcomes(draws, classes, gauges.length);
  const flipped = new Uint32Array(draws);
  const tally = startCounting(labels, clean, classes);
  await predictEach(
    fusion,
    gauges,
    range,
    (k) => broken.draw(k, only),
    (predicted, k) => {
      const at = k - range.from;
      const counted = tally.count(predicted.classes);
      hits.set(counted.hits, at * classes);
      flipped[at] = counted.flipped;
      gauges.forEach((gauge, g) => {
        const sums = k < gauge.unitDraws ? units?.[g] : undefined;
        values[at * gauges.length + g] = gauge.value(predicted, sums);
      });
      progress.advance();
    },
  );
  return { hits, values, flipped, right: tally.right };
};
