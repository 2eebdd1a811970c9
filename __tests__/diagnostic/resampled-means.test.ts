import { describe, expect, it } from 'vitest';

import { randomFor, redrawsFor } from '../../src/diagnostic/random.ts';
import { resampleMeans } from '../../src/diagnostic/resampled-means.ts';
import type { MeansPlan } from '../../src/diagnostic/resampling-units.ts';

const floats = (values: readonly number[]) => Float64Array.from(values);

function resample(plan: MeansPlan, { resamples = 200, redraw = redrawsFor('resample') } = {}) {
  return resampleMeans(plan, { resamples, redraw })!;
}

function near(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-12);
}

describe('resampleMeans', () => {
  const values = floats([0.5, -1, 2, 0, 0.25, 3]);

  it('shares its resamples among the quantities', () => {
    const [one, other] = resample({ quantities: [values, values.map((value) => 1 - 2 * value)] });
    one.resampled.forEach((mean, b) => {
      near(other.resampled[b], 1 - 2 * mean);
    });
    one.leftOut.forEach((mean, u) => {
      near(other.leftOut[u], 1 - 2 * mean);
    });
    expect(one).toEqual(resample({ quantities: [values] })[0]);
  });

  it('draws no row of weight 0, and takes weights of 1 for none', () => {
    const weights = floats([1, 0, 1, 1, 0, 1]);
    const kept = resample({ quantities: [values.filter((_, i) => weights[i] > 0)] });
    expect(resample({ quantities: [values], weights })).toEqual(kept);
    expect(resample({ quantities: [values], weights: values.map(() => 1) })).toEqual(
      resample({ quantities: [values] }),
    );
  });

  it('has nothing to say where nothing has weight', () => {
    expect(
      resampleMeans(
        { quantities: [values], weights: new Float64Array(6) },
        { resamples: 9, redraw: redrawsFor('none') },
      ),
    ).toBeUndefined();
  });

  it('takes clusters of one row for no clusters, and classes that are all one for none', () => {
    const plain = resample({ quantities: [values] });
    expect(resample({ quantities: [values], clusters: [4, 2, 9, 7, 1, 0] })).toEqual(plain);
    expect(resample({ quantities: [values], classes: [3, 3, 3, 3, 3, 3] })).toEqual(plain);
  });

  it('draws clusters whole', () => {
    // Two clusters with means 0 and 1 and three rows each: resamples are 0, 1/2 or 1, and nothing else.
    const quantities = [floats([-1, 1, 1, 0, 2, 0])];
    const [{ resampled, leftOut }] = resample({ quantities, clusters: [5, 8, 5, 5, 8, 8] });
    expect(new Set(resampled)).toEqual(new Set([0, 0.5, 1]));
    expect([...leftOut]).toEqual([1, 0]);
  });

  it('averages over the classes that are drawn or left', () => {
    const quantities = [floats([-1, 1, 3])];
    const [{ estimate, resampled, leftOut }] = resample({ quantities, classes: [0, 1, 1] });
    expect(estimate).toBe((-1 + 2) / 2);
    expect([...leftOut]).toEqual([2, (-1 + 3) / 2, (-1 + 1) / 2]);
    // Drawn: only class 0; only class 1 with means 1, 5/3, 7/3, 3; both, with class means 1, 2 or 3 of class 1.
    const possible = [-1, 1, 5 / 3, 7 / 3, 3, 0, 0.5, 1];
    for (const mean of resampled) expect(possible.some((value) => Math.abs(value - mean) < 1e-12)).toBe(true);
  });

  it('draws what the generator of the same key picks', () => {
    const [{ resampled }] = resample({ quantities: [values] }, { redraw: redrawsFor('gap', 7) });
    const random = randomFor('gap', 7);
    for (const mean of resampled) {
      const drawn = Array.from(values, () => values[Math.floor(random() * values.length)]);
      near(mean, drawn.reduce((sum, value) => sum + value, 0) / values.length);
    }
  });
});
