import { describe, expect, it } from 'vitest';

import { groupsOf, permutationWithin, shuffleWithin } from '../../src/diagnostic/groups.ts';
import { permutation, shuffleInto } from '../../src/diagnostic/random.ts';

const within = Int32Array.of(2, 0, 2, 1, 0, 2, 3, 0);

describe('groups', () => {
  it('hold the rows of each side by side, ascending', () => {
    const { rows, starts } = groupsOf(8, within);
    expect([...rows]).toEqual([1, 4, 7, 3, 0, 2, 5, 6]);
    expect([...starts]).toEqual([0, 3, 4, 7, 8]);
  });

  it('may be empty: numbers need not all occur', () => {
    expect([...groupsOf(2, Int32Array.of(3, 1)).starts]).toEqual([0, 0, 1, 1, 2]);
  });

  it('are one where none are given', () => {
    const { rows, starts } = groupsOf(3);
    expect([...rows]).toEqual([0, 1, 2]);
    expect([...starts]).toEqual([0, 3]);
  });
});

describe('a shuffle within groups', () => {
  it('of one group is the shuffle without groups', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const [whole, grouped] = [new Float64Array(1000), new Float64Array(1000)];
    shuffleInto(values, whole, 7, 'shuffle', 3, 'audio');
    shuffleWithin(groupsOf(1000, new Int32Array(1000)), values, grouped, 7, 'shuffle', 3, 'audio');
    expect([...grouped]).toEqual([...whole]);
    expect([...permutationWithin(groupsOf(50), 5, 'x')]).toEqual([...permutation(50, 5, 'x')]);
  });

  it('takes no row out of its group', () => {
    for (let k = 0; k < 50; k++) {
      const order = permutationWithin(groupsOf(8, within), 'stay', k);
      expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(order.every((from, to) => within[from] === within[to])).toBe(true);
    }
  });

  it('gives every arrangement the same chance: chi-squared over all 3! * 3! of them', () => {
    const draws = 36_000;
    const counts = new Map<string, number>();
    for (let k = 0; k < draws; k++) {
      const order = permutationWithin(groupsOf(8, within), 1, 'uniform', k).join(' ');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(36);
    const expected = draws / 36;
    const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // The 99.9 % quantile with 35 degrees of freedom.
    expect(chiSquared).toBeLessThan(66.62);
  });
});
