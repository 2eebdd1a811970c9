import { describe, expect, it } from 'vitest';

import { cellsOf, type Cells } from '../../src/diagnostic/cells.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { startCounting } from '../../src/diagnostic/tally.ts';

/** The counts as one would write them down: one row at a time. */
function countPlainly(draws: readonly Int32Array[], { labels, classes, folds }: Cells, clean: Int32Array) {
  const right = new Uint32Array(labels.length);
  const counts = draws.map((predicted) => {
    const hits = new Uint32Array(folds.names.length * classes);
    let flipped = 0;
    predicted.forEach((found, i) => {
      if (found === labels[i]) hits[folds.of[i] * classes + found]++;
      if (found === labels[i]) right[i]++;
      if (found !== clean[i]) flipped++;
    });
    return { hits, flipped };
  });
  return { right, counts };
}

describe('draws are counted as one row at a time would be', () => {
  for (const [rows, count] of [
    [1, 1],
    [3, 1],
    [4, 2],
    [5, 1],
    [250, 1],
    [250, 7],
  ]) {
    it.each([2, 3, 11])(`for ${rows} rows in ${count} folds of %s classes`, (classes) => {
      const random = randomFor('tally', rows, classes);
      const some = (most = classes) => new Int32Array(rows).map(() => Math.floor(random() * most));
      const [labels, clean, ...draws] = [some(), some(), some(), some(), some()];
      draws.push(labels, clean);
      const names = Array.from({ length: count }, String);
      const cells = cellsOf(labels, classes, { of: some(count), names, repeats: [[...names.keys()]] });
      const expected = countPlainly(draws, cells, clean);
      const tally = startCounting(cells, clean);
      expect(draws.map((predicted) => tally.count(predicted))).toEqual(expected.counts);
      expect(tally.right).toEqual(expected.right);
    });
  }
});
