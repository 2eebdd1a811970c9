import { describe, expect, it } from 'vitest';

import { histogram } from '../../../src/report/html/plots/bins.ts';

describe('a histogram', () => {
  it('counts every value once, in bars that join', () => {
    const values = Array.from({ length: 1000 }, (_, k) => Math.sin(k));
    const bars = histogram(values);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    expect(bars.length).toBeGreaterThanOrEqual(8);
    expect(bars.length).toBeLessThanOrEqual(41);
    bars.slice(1).forEach(({ lower }, i) => {
      expect(lower).toBe(bars[i].upper);
    });
    for (const { lower, upper, count } of bars) {
      expect(values.filter((value) => value >= lower && value < upper)).toHaveLength(count);
    }
  });

  it('of counts out of N is no comb: equally many values of the grid in each bar but the last', () => {
    // 97 values of the grid of 1/848, each ten times: what is flat has to look flat.
    const values = Array.from({ length: 970 }, (_, k) => (500 + (k % 97)) / 848);
    const counts = histogram(values).map(({ count }) => count);
    expect(new Set(counts.slice(0, -1)).size).toBe(1);
    expect(counts.at(-1)!).toBeLessThanOrEqual(counts[0]);
  });

  it('of one value is one bar', () => {
    expect(histogram([0.8, 0.8, 0.8])).toEqual([{ lower: 0.8, upper: 0.8, count: 3 }]);
  });
});
