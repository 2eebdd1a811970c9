import { describe, expect, it } from 'vitest';

import { equivalenceTest } from '../../src/diagnostic/equivalence.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

const MARGINS = { lower: -0.2, upper: 0.2 };

describe('equivalenceTest', () => {
  it.each(fixture.equivalence)('is two of SciPy’s one-sided tests (case %#)', (of) => {
    const { above, below, both } = equivalenceTest(of, MARGINS);
    expect(above).toBeCloseTo(of.student[0], 12);
    expect(below).toBeCloseTo(of.student[1], 12);
    expect(both).toBe(Math.max(above, below));
  });

  it.each(fixture.equivalence)('is normal without degrees of freedom (case %#)', (of) => {
    const { above, below } = equivalenceTest({ ...of, degreesOfFreedom: undefined }, MARGINS);
    expect(above).toBeCloseTo(of.normal[0], 12);
    expect(below).toBeCloseTo(of.normal[1], 12);
  });

  it('is significant at 5 % exactly where the 90 % interval lies inside', () => {
    const inside = fixture.equivalence.map(({ interval90: [low, high] }) => low > -0.2 && high < 0.2);
    expect(new Set(inside).size).toBe(2);
    expect(fixture.equivalence.map((of) => equivalenceTest(of, MARGINS).both <= 0.05)).toEqual(inside);
  });

  it('takes an estimate without error at its word', () => {
    const exactly = (value: number) => equivalenceTest({ value, standardError: 0 }, MARGINS);
    expect(exactly(0.1)).toEqual({ above: 0, below: 0, both: 0 });
    expect(exactly(0.2)).toEqual({ above: 0, below: 1, both: 1 });
    expect(exactly(-0.3)).toEqual({ above: 1, below: 0, both: 1 });
  });
});
