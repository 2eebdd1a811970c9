import { describe, expect, it } from 'vitest';

import { binomialInterval } from '../../src/diagnostic/binomial-interval.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

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
