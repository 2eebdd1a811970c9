import { describe, expect, it } from 'vitest';

import { cellsOf, oneFold } from '../../src/diagnostic/cells.ts';
import { examplesThatCount } from '../../src/diagnostic/examples-that-count.ts';

const cells = (labels: readonly number[], classes = 2) => cellsOf(Int32Array.from(labels), classes);
const sparse = (rows: number, count: number) =>
  Float64Array.from({ length: rows }, (_, i) => (i < count ? (i % 2 === 0 ? 1 : -1) : 0));

describe('how many examples a gap hangs on', () => {
  it('is how many have the same share in it', () => {
    const found = examplesThatCount(
      { values: sparse(400, 8), meanOver: 'folds' },
      cells(new Array<number>(400).fill(0)),
    );
    expect(found).toBeCloseTo(8, 12);
  });

  it('is little more than the rarer class has, where that makes half of the metric', () => {
    // Shares of 1/20 each in the rarer class and of 1/380 in the other: 1 / (1/40 + 1/760) = 38.
    const labels = Array.from({ length: 200 }, (_, i) => Number(i < 10));
    const found = examplesThatCount(
      { values: new Float64Array(200).fill(1), meanOver: 'cells' },
      cells(labels),
    );
    expect(found).toBeCloseTo(38, 12);
  });

  it('counts clusters, whose shares may cancel', () => {
    const clusters = Int32Array.from({ length: 400 }, (_, i) => i >> 1);
    const values = sparse(400, 8);
    const of = cellsOf(new Int32Array(400), 1, oneFold(400));
    expect(examplesThatCount({ values, meanOver: 'folds' }, of, clusters)).toBe(0);
    const apart = Int32Array.from({ length: 400 }, (_, i) => i % 100);
    expect(examplesThatCount({ values, meanOver: 'folds' }, of, apart)).toBeCloseTo(8, 12);
  });

  it('leaves out what does not count, and knows nothing of groups', () => {
    const values = sparse(400, 8);
    const weights = values.map((_, i) => Number(i >= 2));
    const of = cellsOf(new Int32Array(400), 1);
    expect(examplesThatCount({ values, weights, meanOver: 'folds' }, of)).toBeCloseTo(6, 12);
    expect(examplesThatCount({ values, meanOver: 'groups' }, of)).toBeNull();
  });
});
