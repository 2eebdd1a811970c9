import { describe, expect, it } from 'vitest';

import { neighbourGroups } from '../../src/diagnostic/neighbours.ts';
import { randomFor } from '../../src/diagnostic/random.ts';

const sizesOf = (groups: Int32Array) => {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return [...sizes.values()];
};

describe('groups of neighbours', () => {
  it('are runs of neighbouring values in one column', () => {
    const values = Float64Array.of(9, 1, 5, 2, 8, 4);
    expect([...neighbourGroups([values], 2)]).toEqual([2, 0, 1, 0, 2, 1]);
  });

  it.each([
    [23, 5, 4],
    [100, 7, 14],
    [3, 5, 1],
    [10, 2, 5],
  ])(
    'of %s rows at %s a group are %s, none smaller than asked for if there are rows enough',
    (n, size, count) => {
      const random = randomFor('neighbours', n);
      const groups = neighbourGroups([Float64Array.from({ length: n }, random)], size);
      const sizes = sizesOf(groups);
      expect(sizes).toHaveLength(count);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(Math.min(size, n));
      expect(Math.max(...sizes)).toBeLessThan(2 * size + 1);
    },
  );

  it('do not depend on the unit of a column, and not on one that is constant', () => {
    const random = randomFor('units');
    const [a, b] = [0, 1].map(() => Float64Array.from({ length: 60 }, random));
    const groups = neighbourGroups([a, b], 4);
    // Powers of two change no digit.
    const scaled = [a.map((value) => value * 2 ** 40), b.map((value) => value * 2 ** -700)];
    expect([...neighbourGroups([...scaled, new Float64Array(60).fill(7)], 4)]).toEqual([...groups]);
  });

  it('are nearer than rows at random', () => {
    const random = randomFor('near');
    const columns = [0, 1].map(() => Float64Array.from({ length: 1000 }, random));
    const groups = neighbourGroups(columns, 5);
    let [within, pairs] = [0, 0];
    for (let i = 0; i < 1000; i++) {
      for (let j = 0; j < i; j++) {
        if (groups[i] !== groups[j]) continue;
        within += Math.hypot(...columns.map((values) => values[i] - values[j]));
        pairs++;
      }
    }
    // Two points at random in the unit square are 0.52 apart; a square with 5 of 1,000 points has a side of 0.07.
    expect(within / pairs).toBeLessThan(0.08);
  });

  it('divide given groups, and never join rows of two', () => {
    const random = randomFor('divide');
    const outer = Int32Array.from({ length: 200 }, (_, i) => i % 3);
    const groups = neighbourGroups([Float64Array.from({ length: 200 }, random)], 10, outer);
    const outers = new Map<number, number>();
    groups.forEach((group, i) => {
      expect(outers.get(group) ?? outer[i]).toBe(outer[i]);
      outers.set(group, outer[i]);
    });
    expect(outers.size).toBe(18);
  });

  it('of equal rows are in their order', () => {
    expect([...neighbourGroups([new Float64Array(6).fill(1)], 3)]).toEqual([0, 0, 0, 1, 1, 1]);
  });
});
