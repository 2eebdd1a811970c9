import { describe, expect, it } from 'vitest';

import { betaCdf, betaQuantile, studentCdf } from '../../src/diagnostic/beta-distribution.ts';
import { binomialInterval } from '../../src/diagnostic/binomial-interval.ts';
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

describe('binomialInterval', () => {
  it.each(fixture.binomial)(
    "is SciPy's exact one: $successes of $trials, $confidence",
    ({ successes, trials, confidence, ...expected }) => {
      const { lower, upper } = binomialInterval(successes, trials, confidence);
      expect(Math.abs(lower - expected.lower)).toBeLessThan(1e-12);
      expect(Math.abs(upper - expected.upper)).toBeLessThan(1e-12);
    },
  );

  it('covers at least as often as it says, whatever the share', () => {
    const trials = 12;
    const intervals = Array.from({ length: trials + 1 }, (_, k) => binomialInterval(k, trials, 0.9));
    for (const share of [0.01, 0.1, 0.3, 0.5, 0.77, 0.99]) {
      let covered = 0;
      let mass = (1 - share) ** trials;
      for (let k = 0; k <= trials; k++) {
        if (intervals[k].lower <= share && share <= intervals[k].upper) covered += mass;
        mass *= (((trials - k) / (k + 1)) * share) / (1 - share);
      }
      expect(covered, `share ${share}`).toBeGreaterThanOrEqual(0.9);
    }
  });
});
