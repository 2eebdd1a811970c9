import { describe, expect, it } from 'vitest';

import { riskCoverage } from '../../src/diagnostic/risk-coverage.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

const floats = (values: readonly number[]) => Float64Array.from(values);

describe('riskCoverage', () => {
  it.each(fixture.coverage)('is the mean over every order of equal scores (case %#)', (expected) => {
    const { coverage, risk, aurc, optimalAurc } = riskCoverage(
      floats(expected.score),
      floats(expected.right),
    );
    const rows = expected.score.length;
    expected.risk.forEach((value, i) => {
      expect(coverage[i]).toBeCloseTo((i + 1) / rows, 15);
      expect(risk[i]).toBeCloseTo(value, 13);
    });
    expect(aurc).toBeCloseTo(expected.aurc, 13);
    expect(optimalAurc).toBeCloseTo(expected.optimalAurc, 13);
  });

  it('does not see the order of rows, to the last bit', () => {
    const score = floats([3, 1, 3, 2, 3, 2, 1]);
    const right = floats([1, 0, 0, 1, 1, 0, 1]);
    expect(riskCoverage(score.toReversed(), right.toReversed())).toEqual(riskCoverage(score, right));
  });

  it('of a score that says nothing is the share of wrong examples', () => {
    const { risk } = riskCoverage(new Float64Array(8), floats([1, 1, 1, 0, 1, 0, 1, 1]));
    risk.forEach((value) => {
      expect(value).toBeCloseTo(0.25, 15);
    });
  });
});
