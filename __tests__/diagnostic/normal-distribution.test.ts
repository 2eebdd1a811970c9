import { describe, expect, it } from 'vitest';

import { normalCdf, normalQuantile } from '../../src/diagnostic/normal-distribution.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

describe('the normal distribution', () => {
  it('is that of SciPy, in both tails to a relative 1e-13', () => {
    fixture.normal.z.forEach((z, i) => {
      const below = fixture.normal.below[i];
      expect(Math.abs(normalCdf(z) / below - 1), `z = ${z}`).toBeLessThan(z < -3 || z > -1 ? 1e-13 : 1e-12);
    });
  });

  it('has the quantiles of SciPy', () => {
    fixture.normal.share.forEach((share, i) => {
      const z = fixture.normal.quantile[i];
      expect(Math.abs(normalQuantile(share) - z), `share ${share}`).toBeLessThan(
        1e-12 * Math.max(1, Math.abs(z)),
      );
    });
  });

  it('has no end', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
    expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(0)]).toEqual([0, 1, 0.5]);
  });
});
