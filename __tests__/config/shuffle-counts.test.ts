import { describe, expect, it } from 'vitest';

import { fewestShuffles } from '../../src/config/shuffle-counts.ts';

describe('fewestShuffles', () => {
  // tests / (K + 1) <= alpha, solved by hand.
  it.each([
    [0.05, 1, 19],
    [0.05, 2, 39],
    [0.05, 3, 59],
    [0.01, 1, 99],
    [0.1, 1, 9],
    [0.5, 1, 1],
    [0.003, 1, 333],
    [1e-6, 1, 999_999],
    [1e-9, 1, Infinity],
    [5e-324, 1, Infinity],
  ])('alpha %d, %d tests: %d', (alpha, tests, fewest) => {
    expect(fewestShuffles(alpha, tests)).toBe(fewest);
  });

  it('is the smallest number that can reach alpha, for any alpha', () => {
    for (let k = 1; k <= 400; k++) {
      const alpha = k / 801;
      const fewest = fewestShuffles(alpha);
      expect(1 / (fewest + 1)).toBeLessThanOrEqual(alpha);
      if (fewest > 1) expect(1 / fewest).toBeGreaterThan(alpha);
    }
  });
});
