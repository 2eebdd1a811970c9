import { describe, expect, it } from 'vitest';

import { detectableGap, examplesNeeded, unseenGap } from '../../src/diagnostic/power.ts';

/** Quantiles of the normal distribution from a table: 95 %, 90 % and 80 %. */
const [Z95, Z90, Z80] = [1.644853627, 1.281551566, 0.841621234];
const BASE = {
  gap: 0,
  standardError: 0.002,
  criticalGap: 0.004,
  threshold: 0.01,
  alpha: 0.05,
  groups: [1000],
  mostPerExample: 1,
};

describe('the smallest gap that passes in 80 % of evaluation sets', () => {
  it('is what p asks for, or the threshold, and what chance may take away', () => {
    expect(detectableGap(BASE)).toBeCloseTo(0.01 + Z80 * 0.002, 9);
    expect(detectableGap({ ...BASE, criticalGap: 0.02 })).toBeCloseTo(0.02 + Z80 * 0.002, 9);
  });
});

describe('the number of examples needed', () => {
  it('is that of two one-sided tests where the gap lies within the threshold', () => {
    const times = (((Z95 + Z80) * 0.002) / 0.004) ** 2;
    expect(examplesNeeded({ ...BASE, gap: 0.006 })).toBe(Math.ceil(1000 * times));
    expect(examplesNeeded({ ...BASE, gap: -0.006 })).toBe(Math.ceil(1000 * times));
  });

  it('is that of two tests which may both fail where the gap lies in the middle', () => {
    // Both have to succeed, each in 90 % of evaluation sets where there is no gap at all.
    const times = (((Z95 + Z90) * 0.02) / 0.01) ** 2;
    expect(examplesNeeded({ ...BASE, standardError: 0.02 })).toBe(Math.ceil(1000 * times));
    // Solved for the standard error with Python's statistics.NormalDist.
    expect(examplesNeeded({ ...BASE, standardError: 0.02, gap: 0.001 })).toBe(35599);
    expect(examplesNeeded({ ...BASE, standardError: 0.02, gap: -0.002 })).toBe(40376);
  });

  it('is where the detectable gap falls to the one found', () => {
    const uncertainty = { ...BASE, gap: 0.03, standardError: 0.02, criticalGap: 0.05 };
    const needed = examplesNeeded(uncertainty)!;
    const shrunk = (examples: number) => {
      const by = Math.sqrt(1000 / examples);
      return detectableGap({ ...uncertainty, standardError: 0.02 * by, criticalGap: 0.05 * by });
    };
    expect(shrunk(needed)).toBeLessThanOrEqual(0.03);
    expect(shrunk(needed - 1)).toBeGreaterThan(0.03);
  });

  it('is none where the gap is at the threshold', () => {
    expect(examplesNeeded({ ...BASE, gap: 0.01 })).toBeNull();
    expect(examplesNeeded({ ...BASE, gap: 0.0099999 })).toBeNull();
  });

  it('is at least so many that nothing of the size of the threshold goes unseen', () => {
    const none = { ...BASE, standardError: 0, criticalGap: 0 };
    expect(examplesNeeded({ ...none, groups: [1] })).toBe(299);
    // Two classes: 2 % of the rarer one make a gap of 1 %; 0.98^148 > 0.05 > 0.98^149.
    expect(examplesNeeded({ ...none, groups: [90, 10] })).toBe(1490);
    for (const groups of [[299], [149, 500]]) {
      expect(unseenGap({ groups, alpha: 0.05, mostPerExample: 1 })).toBeLessThan(0.01);
      const fewer = groups.with(0, groups[0] - 1);
      expect(unseenGap({ groups: fewer, alpha: 0.05, mostPerExample: 1 })).toBeGreaterThan(0.01);
    }
  });

  it('asks for no more than the tests do where what an example can make is not bounded', () => {
    const none = { ...BASE, gap: 0.006, groups: [1000] };
    expect(unseenGap({ groups: [2], alpha: 0.05, mostPerExample: null })).toBeNull();
    expect(examplesNeeded({ ...none, mostPerExample: null })).toBe(examplesNeeded(none));
    expect(examplesNeeded({ ...none, standardError: 0, mostPerExample: null })).toBe(0);
    // Twice the reach: 0.995^598 > 0.05 > 0.995^599 hides 1 %.
    expect(examplesNeeded({ ...none, standardError: 0, mostPerExample: 2 })).toBe(598);
  });
});
