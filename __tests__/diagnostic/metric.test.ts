import { describe, expect, it } from 'vitest';

import { cellsOf, countHits } from '../../src/diagnostic/cells.ts';
import { accuraciesFor, fraction, metricFor } from '../../src/diagnostic/metric.ts';
import fixture from '../fixtures/diagnostic/metrics.json' with { type: 'json' };

describe('accuracy and balanced accuracy', () => {
  it.each(fixture.metric)('are those of scikit-learn ($classes classes)', (expected) => {
    const cells = cellsOf(Int32Array.from(expected.labels), expected.classes);
    const hits = countHits(Int32Array.from(expected.predicted), cells);
    const found = accuraciesFor(cells)(hits);
    expect(found.accuracy).toBeCloseTo(expected.accuracy, 15);
    expect(found.balancedAccuracy).toBeCloseTo(expected.balancedAccuracy, 15);
  });

  it('are exact fractions', () => {
    const labels = Int32Array.of(0, 0, 0, 1, 1, 2, 2);
    const hits = Uint32Array.of(1, 2, 1);
    const accuracy = metricFor('accuracy', cellsOf(labels, 3));
    expect([accuracy.numerator(hits), accuracy.denominator]).toEqual([4n, 7n]);
    // (1/3 + 2/2 + 1/2) / 3 = (2 + 6 + 3) / 18
    const balanced = metricFor('balanced-accuracy', cellsOf(labels, 3));
    expect([balanced.numerator(hits), balanced.denominator]).toEqual([11n, 18n]);
  });

  it('leave out classes that no label has', () => {
    const balanced = metricFor('balanced-accuracy', cellsOf(Int32Array.of(2, 2, 2, 2), 5));
    expect([balanced.numerator(Uint32Array.of(0, 0, 3, 0, 0)), balanced.denominator]).toEqual([3n, 4n]);
  });

  it('tie where floating-point recalls would not', () => {
    const labels = Int32Array.from({ length: 30 }, (_, i) => Math.floor(i / 10));
    const balanced = metricFor('balanced-accuracy', cellsOf(labels, 3));
    expect(0.1 + 0.2 + 0).not.toBe(0.3 + 0 + 0);
    expect(balanced.numerator(Uint32Array.of(1, 2, 0))).toBe(balanced.numerator(Uint32Array.of(3, 0, 0)));
  });

  it('stay exact where the least common multiple has hundreds of digits', () => {
    const sizes = firstPrimes(200);
    const labels = Int32Array.from(sizes.flatMap((size, c) => Array.from({ length: size }, () => c)));
    const balanced = metricFor('balanced-accuracy', cellsOf(labels, 200));
    expect(balanced.denominator).toBe(sizes.reduce((product, size) => product * BigInt(size), 200n));
    const half = Uint32Array.from(sizes, (size) => Math.floor(size / 2));
    const oneMore = half.with(199, half[199] + 1);
    const value = (hits: Uint32Array) => fraction(balanced.numerator(hits), balanced.denominator);
    expect(value(half)).toBeCloseTo(
      sizes.reduce((sum, size, c) => sum + half[c] / size / 200, 0),
      14,
    );
    expect(value(oneMore) - value(half)).toBeCloseTo(1 / sizes[199] / 200, 15);
    expect(value(Uint32Array.from(sizes))).toBe(1);
    expect(value(new Uint32Array(200))).toBe(0);
  });
});

describe('fraction', () => {
  it('is the nearest number while both parts are safe integers', () => {
    expect(fraction(1n, 3n)).toBe(1 / 3);
    expect(fraction(-7n, 100n)).toBe(-0.07);
  });

  it('is good to 64 binary places beyond', () => {
    const big = 10n ** 400n;
    expect(fraction(big, 3n * big)).toBeCloseTo(1 / 3, 15);
    expect(fraction(-big, 4n * big)).toBe(-0.25);
    expect(Object.is(fraction(0n, big), 0)).toBe(true);
    expect(fraction(1n, big)).toBe(0);
  });
});

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}
