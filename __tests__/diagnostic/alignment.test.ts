import { describe, expect, it } from 'vitest';

import { alignment, auroc, midRanks, pearson, spearman } from '../../src/diagnostic/alignment.ts';
import { appraise } from '../../src/diagnostic/appraisal.ts';
import { targetsOf } from '../../src/diagnostic/examples.ts';
import { median, quantile } from '../../src/diagnostic/quantile.ts';
import fixture from '../fixtures/diagnostic/metrics.json' with { type: 'json' };

const floats = (values: readonly number[]) => Float64Array.from(values);

describe('Pearson, Spearman and AUROC', () => {
  it.each(fixture.alignment)('are those of SciPy and scikit-learn (case %#)', (expected) => {
    const [score, right] = [floats(expected.score), floats(expected.right)];
    expect(pearson(score, right)).toBeCloseTo(expected.pearson, 12);
    expect(spearman(score, right)).toBeCloseTo(expected.spearman, 12);
    expect(auroc(score, right)).toBeCloseTo(expected.auroc, 12);
  });

  it('have ties among the compared cases', () => {
    expect(fixture.alignment.some(({ score }) => new Set(score).size < score.length / 4)).toBe(true);
  });

  it('count a tie between a right and a wrong example half', () => {
    expect(auroc(floats([1, 1]), floats([0, 1]))).toBe(0.5);
    expect(auroc(floats([1, 2, 2, 3]), floats([0, 0, 1, 1]))).toBe(0.875);
    expect([...midRanks(floats([5, 1, 5, 5, -2]))]).toEqual([4, 2, 4, 4, 1]);
  });

  it('are null where they are not defined', () => {
    expect(pearson(floats([1, 1, 1]), floats([0, 1, 0]))).toBeNull();
    expect(pearson(floats([1, 2, 3]), floats([1, 1, 1]))).toBeNull();
    expect(spearman(floats([2, 2]), floats([0, 1]))).toBeNull();
    expect(auroc(floats([1, 2]), floats([1, 1]))).toBeNull();
    expect(auroc(floats([1, 2]), floats([0, 0]))).toBeNull();
    expect(pearson(floats([3]), floats([1]))).toBeNull();
  });

  it.each([1e300, 1e-300, -1e308])('do not leave the range of a float for scores of about %s', (unit) => {
    const score = floats([1, 2, 3, 5].map((value) => (value / 5) * unit));
    const right = floats([0, 0, 1, 1]);
    // By hand: sum of products 2.5, of squares 8.75 and 1.
    expect(pearson(score, right)).toBeCloseTo((Math.sign(unit) * 2.5) / Math.sqrt(8.75), 12);
  });
});

describe('alignment', () => {
  const targets = targetsOf({ labels: Int32Array.of(1, 1, 0, 0) }, 2);
  const experts = [{ classes: Int32Array.of(1, 0, 0, 1) }];
  const of = (values: readonly number[], width: number, reliableWhen: 'high' | 'low') =>
    alignment([{ width, values: floats(values) }], appraise(experts, targets), ['audio'], [reliableWhen])
      .audio;

  it('is of the score with its own expert being right', () => {
    expect(of([0.9, 0.1, 0.8, 0.2], 1, 'high').auroc).toBe(1);
    expect(of([0.1, 0.9, 0.2, 0.8], 1, 'high').auroc).toBe(0);
  });

  it('turns a score round that means reliable where it is low', () => {
    const low = of([0.1, 0.9, 0.2, 0.8], 1, 'low');
    expect(low.auroc).toBe(1);
    expect(low.pearson).toBeGreaterThan(0.9);
    expect(low.spearman).toBeGreaterThan(0.8);
  });

  it('has no number for a score that is a vector', () => {
    expect(of([1, 2, 3, 4, 5, 6, 7, 8], 2, 'high')).toEqual({ pearson: null, spearman: null, auroc: null });
  });
});

it('quantiles are type 7, as NumPy has them', () => {
  const sorted = floats([1, 2, 4, 8]);
  const expected = [1, 1.15, 3, 7.4, 8];
  [0, 0.05, 0.5, 0.95, 1].forEach((q, at) => {
    expect(quantile(sorted, q)).toBeCloseTo(expected[at], 12);
  });
  expect(quantile(floats([3]), 0.7)).toBe(3);
  expect(median(floats([9, 1, 4]))).toBe(4);
});
