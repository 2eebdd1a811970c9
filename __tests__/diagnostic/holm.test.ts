import { describe, expect, it } from 'vitest';

import { holm } from '../../src/diagnostic/holm.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

describe('holm', () => {
  it.each(fixture.several)('is the correction by its definition: $p', ({ p, adjusted }) => {
    holm(p).forEach((value, i) => {
      expect(value).toBeCloseTo(adjusted[i], 14);
    });
  });

  it('steps down as Holm does', () => {
    // By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, then 0.04 may not fall below 0.06.
    [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => {
      expect(holm([0.01, 0.04, 0.03, 0.005])[i]).toBeCloseTo(expected, 14);
    });
    expect(holm([])).toEqual([]);
    expect(holm([0.6, 0.6])).toEqual([1, 1]);
  });
});
