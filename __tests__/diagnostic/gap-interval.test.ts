import { describe, expect, it } from 'vitest';

import { cellsOf } from '../../src/diagnostic/cells.ts';
import { intervalBy, resampleGaps } from '../../src/diagnostic/gap-interval.ts';
import type { CountedName } from '../../src/diagnostic/metric.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import fixture from '../fixtures/diagnostic/metrics.json' with { type: 'json' };

const METRICS = ['accuracy', 'balanced-accuracy'] as const;

function interval(
  advantage: Float64Array,
  labels: Int32Array,
  metric: CountedName,
  { confidence = 0.95, resamples = 4000 } = {},
) {
  const meanOver = metric === 'accuracy' ? 'folds' : 'cells';
  const [gap] = resampleGaps([{ values: advantage, meanOver }], cellsOf(labels, 2), { resamples, seed: 5 });
  const { lower, upper } = intervalBy('percentile', gap, confidence);
  return { lower, upper };
}

describe('the interval of the gap', () => {
  const rows = 4000;
  const random = randomFor('examples');
  const labels = Int32Array.from({ length: rows }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const advantage = Float64Array.from(labels, (label) => random() - 0.45 + 0.2 * label);
  const moments = (values: Float64Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
  };
  const perClass = [0, 1].map((c) => moments(advantage.filter((_, i) => labels[i] === c)));
  const sizes = [(3 * rows) / 4, rows / 4];
  const theory: Record<CountedName, { mean: number; error: number }> = {
    accuracy: { mean: moments(advantage).mean, error: Math.sqrt(moments(advantage).variance / rows) },
    'balanced-accuracy': {
      mean: (perClass[0].mean + perClass[1].mean) / 2,
      error: Math.sqrt(perClass.reduce((sum, { variance }, c) => sum + variance / sizes[c] / 4, 0)),
    },
  };

  it.each(METRICS)('of %s is the normal interval where there are many examples', (metric) => {
    const { lower, upper } = interval(advantage, labels, metric);
    const { mean, error } = theory[metric];
    // A 2.5 % quantile of 4000 resamples has a standard error of 0.042 standard errors; four of those.
    expect(Math.abs((lower - mean) / error + 1.96)).toBeLessThan(0.17);
    expect(Math.abs((upper - mean) / error - 1.96)).toBeLessThan(0.17);
  });

  it.each(METRICS)("of %s is NumPy's percentile bootstrap", (metric) => {
    const { advantage, labels, spread, ...expected } = fixture.bootstrap;
    const { lower, upper } = interval(Float64Array.from(advantage), Int32Array.from(labels), metric, {
      confidence: 0.9,
      resamples: 20_000,
    });
    const accuracy = metric === 'accuracy';
    const [expectedLower, expectedUpper] = accuracy ? expected.accuracy : expected.balancedAccuracy;
    // Monte-Carlo error of either side: 0.015 standard deviations at most.
    const tolerance = 0.07 * spread[accuracy ? 0 : 1];
    expect(Math.abs(lower - expectedLower)).toBeLessThan(tolerance);
    expect(Math.abs(upper - expectedUpper)).toBeLessThan(tolerance);
  });

  it.each(METRICS)('of %s is a point where there is one example', (metric) => {
    expect(interval(Float64Array.of(0.25), Int32Array.of(1), metric)).toEqual({ lower: 0.25, upper: 0.25 });
  });

  it('averages over the classes that a resample has', () => {
    // A resample of two rows has both classes with probability 1/2 (gap 0), else one of them (gap -1 or 1).
    const { lower, upper } = interval(Float64Array.of(-1, 1), Int32Array.of(0, 1), 'balanced-accuracy');
    expect({ lower, upper }).toEqual({ lower: -1, upper: 1 });
    expect(
      interval(Float64Array.of(-1, 1), Int32Array.of(0, 1), 'balanced-accuracy', { confidence: 0.5 - 0.1 }),
    ).toEqual({ lower: 0, upper: 0 });
  });

  it('is the same for the same key, and narrower for less confidence', () => {
    const again = () => interval(advantage, labels, 'accuracy', { resamples: 300 });
    expect(again()).toEqual(again());
    const wide = interval(advantage, labels, 'accuracy', { confidence: 0.99 });
    const narrow = interval(advantage, labels, 'accuracy', { confidence: 0.5 });
    expect(wide.lower).toBeLessThan(narrow.lower);
    expect(wide.upper).toBeGreaterThan(narrow.upper);
  });
});
