import { describe, expect, it } from 'vitest';

import { monotoneDirection } from '../../../src/diagnostic/leakage/monotone.ts';
import { randomFor } from '../../../src/diagnostic/random.ts';

/** By its definition: every pair, on numbers whose differences are far from what float arithmetic leaves. */
function byPairs(x: Float64Array, y: Float64Array): number {
  const signs = new Set<number>();
  x.forEach((xi, i) => {
    x.forEach((xj, j) => signs.add(Math.sign(xi - xj) * Math.sign(y[i] - y[j])));
  });
  if (!signs.has(-1)) return 1;
  return signs.has(1) ? 0 : -1;
}

const direction = (x: readonly number[], y: readonly number[]) =>
  monotoneDirection(Float64Array.from(x), Float64Array.from(y));

describe('whether one number is a monotone function of another', () => {
  it('is what every pair of examples says', () => {
    const found = new Map<number, number>();
    for (let s = 0; s < 3000; s++) {
      const random = randomFor('monotone', s);
      const size = 2 + Math.floor(5 * random());
      const draw = () => Float64Array.from({ length: size }, () => Math.floor(4 * random()));
      const [x, y] = [draw(), draw()];
      const expected = byPairs(x, y);
      expect(monotoneDirection(x, y)).toBe(expected);
      found.set(expected, (found.get(expected) ?? 0) + 1);
    }
    for (const sign of [1, -1, 0]) expect(found.get(sign)).toBeGreaterThan(300);
  });

  it('asks every pair, not only neighbours', () => {
    // Neighbouring rows all rise together; the first and the last do not.
    expect(direction([0, 1, 1, 0.5], [0, 3, 1, 1])).toBe(1);
    expect(direction([0, 2, 2, 1, 1, 3], [0, 1, 1, 1, 5, 5])).toBe(0);
  });

  it('leaves out what the arithmetic of float32 may turn round', () => {
    const random = randomFor('float32');
    const x = Array.from({ length: 500 }, () => random());
    const cubed = x.map((value) => value ** 3);
    expect(direction(x.map(Math.fround), cubed)).toBe(1);
    expect(
      direction(
        x,
        cubed.map((value) => Math.fround(-value)),
      ),
    ).toBe(-1);
    const off = cubed.map((value, i) => value + (i === 250 ? 0.001 : 0));
    expect(direction(x, off)).toBe(0);
  });

  it('leaves out pairs that lie too close to tell, in either number, and no others', () => {
    expect(direction([0, 0.5, 0.500001, 1], [0, 0.7, 0.6, 1])).toBe(1);
    expect(direction([0, 0.5, 0.6, 1], [0, 0.7, 0.6, 1])).toBe(0);
    expect(direction([0, 0.5, 1], [0, 1, 0.999999])).toBe(1);
    expect(direction([0, 0.5, 1], [0, 1, 0.9])).toBe(0);
  });

  it('lets numbers be rounded', () => {
    const x = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 100);
    expect(
      direction(
        x,
        x.map((value) => Math.round(10 * value)),
      ),
    ).toBe(1);
  });
});
