import { describe, expect, it } from 'vitest';

import { rankSums } from '../../../src/diagnostic/leakage/rank-sums.ts';
import { normalCdf } from '../../../src/diagnostic/normal-distribution.ts';
import { randomFor } from '../../../src/diagnostic/random.ts';
import fixture from '../../fixtures/diagnostic/leakage/values.json' with { type: 'json' };

const ranksOf = (score: readonly number[], labels: readonly number[], classes: number) =>
  rankSums(Float64Array.from(score), Int32Array.from(labels), classes);

describe('one class against the rest', () => {
  it.each(fixture.ranks.map((ranks, i) => [i, ranks] as const))(
    'is what scipy and scikit-learn make of it (%i)',
    (_, { score, labels, classes }) => {
      ranksOf(score, labels, classes.length).forEach((ranks, c) => {
        const { inside, outside, auroc, p } = classes[c];
        expect(ranks).toMatchObject({ inside, outside });
        expect(ranks!.auroc).toBeCloseTo(auroc, 13);
        expect(normalCdf(-ranks!.z)).toBeCloseTo(p, 13);
      });
    },
  );

  it('is not there for a class that nothing, or everything, belongs to, nor for a constant score', () => {
    expect(ranksOf([1, 2, 3], [1, 1, 1], 3)).toEqual([null, null, null]);
    expect(ranksOf([5, 5, 5], [0, 1, 1], 2)).toEqual([null, null]);
    expect(ranksOf([], [], 2)).toEqual([null, null]);
    expect(ranksOf([7], [0], 2)).toEqual([null, null]);
  });

  it('is standard normal where score and class have nothing to do with each other, ties and all', () => {
    const z = Array.from({ length: 4000 }, (_, s) => {
      const random = randomFor('ranks', s);
      const labels = Array.from({ length: 60 }, (_, i) => Number(i < 20));
      return ranksOf(
        labels.map(() => Math.floor(6 * random() ** 2)),
        labels,
        2,
      )[1]!.z;
    });
    const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
    const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length;
    // Four standard errors of the mean, of the variance, and of a share of 5 %, over 4,000 draws.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(4000));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
    expect(Math.abs(z.filter((value) => Math.abs(value) > 1.96).length / 4000 - 0.05)).toBeLessThan(0.014);
  });
});
