import { describe, expect, it } from 'vitest';

import { asIntegers, nearestNumber, sumOf } from '../../../src/diagnostic/metrics/exact-fraction.ts';

describe('asIntegers', () => {
  it('leaves counts as they are', () => {
    expect(asIntegers(Float64Array.of(0, 3, 2 ** 60))).toEqual([0n, 3n, 2n ** 60n]);
  });

  it('multiplies all floats by the same power of two', () => {
    expect(asIntegers(Float64Array.of(0.5, 3, 0.375))).toEqual([4n, 24n, 3n]);
    const [tiny, huge] = asIntegers(Float64Array.of(Number.MIN_VALUE, Number.MAX_VALUE));
    expect(tiny).toBe(1n);
    expect(huge).toBe((2n ** 53n - 1n) << (971n + 1074n));
  });

  it('refuses what is no number', () => {
    expect(() => asIntegers(Float64Array.of(NaN))).toThrow(RangeError);
    expect(() => asIntegers(Float64Array.of(Infinity))).toThrow(RangeError);
  });
});

describe('sumOf', () => {
  it('is exact', () => {
    const terms = [1n, 2n, 3n, 4n, 6n].map((denominator) => ({ numerator: 1n, denominator }));
    const { numerator, denominator } = sumOf([...terms, { numerator: 2n, denominator: 3n }]);
    // 1 + 1/2 + 1/3 + 1/4 + 1/6 + 2/3 = 35/12
    expect(numerator * 12n).toBe(35n * denominator);
    expect(sumOf([])).toEqual({ numerator: 0n, denominator: 1n });
  });
});

describe('nearestNumber', () => {
  it('is division, rounded once', () => {
    expect(nearestNumber({ numerator: 1n, denominator: 3n })).toBe(1 / 3);
    expect(nearestNumber({ numerator: 0n, denominator: 10n ** 30n })).toBe(0);
  });

  it.each([1n, 7n, 10n ** 15n, 10n ** 40n, 3n ** 700n])('does not see a common factor of %d', (factor) => {
    for (const [numerator, denominator] of [
      [1n, 3n],
      [2n, 7n],
      [1n, 10n],
      [999_999n, 1_000_000n],
      [1n, 10n ** 12n],
    ]) {
      const scaled = { numerator: numerator * factor, denominator: denominator * factor };
      expect(nearestNumber(scaled)).toBe(Number(numerator) / Number(denominator));
    }
  });

  it('rounds a half to the even number, and the least bit more upwards', () => {
    const [one, step] = [2n ** 120n, (2n ** 120n) >> 53n];
    expect(nearestNumber({ numerator: one + step, denominator: one })).toBe(1);
    expect(nearestNumber({ numerator: one + step + 1n, denominator: one })).toBe(1 + 2 ** -52);
    expect(nearestNumber({ numerator: one + step - 1n, denominator: one })).toBe(1);
    expect(nearestNumber({ numerator: one + 3n * step, denominator: one })).toBe(1 + 2 ** -51);
  });
});
