import { describe, expect, it } from 'vitest';

import { randomFor } from '../../src/diagnostic/random.ts';
import { startCounting } from '../../src/diagnostic/tally.ts';

/** The counts as one would write them down: one row at a time. */
function countPlainly(draws: readonly Int32Array[], labels: Int32Array, clean: Int32Array, classes: number) {
  const right = new Uint32Array(labels.length);
  const counts = draws.map((predicted) => {
    const hits = new Uint32Array(classes);
    let flipped = 0;
    predicted.forEach((found, i) => {
      if (found === labels[i]) hits[found]++;
      if (found === labels[i]) right[i]++;
      if (found !== clean[i]) flipped++;
    });
    return { hits, flipped };
  });
  return { right, counts };
}

describe('draws are counted as one row at a time would be', () => {
  for (const rows of [1, 3, 4, 5, 250]) {
    it.each([2, 3, 11])(`for ${rows} rows of %s classes`, (classes) => {
      const random = randomFor('tally', rows, classes);
      const some = () => new Int32Array(rows).map(() => Math.floor(random() * classes));
      const [labels, clean, ...draws] = [some(), some(), some(), some(), some()];
      draws.push(labels, clean);
      const expected = countPlainly(draws, labels, clean, classes);
      const tally = startCounting(labels, clean, classes);
      expect(draws.map((predicted) => tally.count(predicted))).toEqual(expected.counts);
      expect(tally.right).toEqual(expected.right);
    });
  }
});
