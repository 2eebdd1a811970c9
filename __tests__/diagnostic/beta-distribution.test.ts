import { describe, expect, it } from 'vitest';

import { betaCdf, betaQuantile, studentCdf } from '../../src/diagnostic/beta-distribution.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

describe('the beta distribution', () => {
  it.each(fixture.beta)('is that of SciPy at $x for shapes $a and $b', ({ x, a, b, below }) => {
    expect(Math.abs(betaCdf(x, a, b) - below)).toBeLessThan(1e-12);
  });

  it.each(fixture.beta)('has its own inverse at $x for shapes $a and $b', ({ x, a, b, below }) => {
    // Where the distribution is all but flat, a whole range of x has this share.
    const found = betaQuantile(below, a, b);
    expect(Math.abs(betaCdf(found, a, b) - below)).toBeLessThan(1e-12);
    if (below > 0.01 && below < 0.99) expect(Math.abs(found - x)).toBeLessThan(1e-12);
  });

  it('lies between 0 and 1', () => {
    expect([betaCdf(-1, 2, 3), betaCdf(0, 2, 3), betaCdf(1, 2, 3), betaCdf(2, 2, 3)]).toEqual([0, 0, 1, 1]);
    expect(betaCdf(0.3, 1, 1)).toBeCloseTo(0.3, 14);
  });
});

it.each(fixture.student)(
  "Student's t is that of SciPy at $t with $degrees degrees",
  ({ t, degrees, below }) => {
    expect(Math.abs(studentCdf(t, degrees) / below - 1)).toBeLessThan(1e-12);
  },
);
