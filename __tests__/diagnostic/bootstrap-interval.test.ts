import { describe, expect, it } from 'vitest';

import { bcaInterval, jackknifeError, percentileInterval } from '../../src/diagnostic/bootstrap-interval.ts';
import { randomFor, redrawsFor, type Redraw } from '../../src/diagnostic/random.ts';
import { resampleMeans, type ResampledMean } from '../../src/diagnostic/resampled-means.ts';
import type { MeansPlan } from '../../src/diagnostic/resampling-units.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

const floats = (values: readonly number[]) => Float64Array.from(values);

/** Draws these units, one list after the other. */
function drawing(draws: readonly (readonly number[])[]): Redraw {
  let b = 0;
  return (times) => {
    times.fill(0);
    for (const unit of draws[b]) times[unit]++;
    b++;
  };
}

function resample(plan: MeansPlan, options: { resamples?: number; redraw?: Redraw } = {}) {
  const { resamples = 200, redraw = redrawsFor('resample') } = options;
  return resampleMeans(plan, { resamples, redraw })!;
}

const CASES = fixture.bootstraps.map(({ draws, values, weights, clusters, classes, ...expected }) => {
  const plan = {
    quantities: [floats(values)],
    ...(weights && { weights: floats(weights) }),
    ...(clusters && { clusters }),
    ...(classes && { classes }),
  };
  const options = { resamples: draws.length, redraw: drawing(draws) };
  return { ...expected, draws, plan, mean: resample(plan, options)[0] };
});

const near = (found: number, expected: number) => {
  expect(Math.abs(found - expected)).toBeLessThan(1e-12);
};

describe.each(CASES)('the bootstrap of $name', ({ mean, ...expected }) => {
  it('estimates what NumPy does', () => {
    near(mean.estimate, expected.estimate);
    near(jackknifeError(mean), expected.jackknifeError);
  });

  it.each([0.8, 0.95] as const)(
    "has SciPy's intervals on the same resamples, confidence %s",
    (confidence) => {
      const percent = confidence === 0.8 ? 80 : 95;
      const bca = bcaInterval(mean, confidence)!;
      near(bca.lower, expected[`BCa${percent}`][0]);
      near(bca.upper, expected[`BCa${percent}`][1]);
      const percentile = percentileInterval(mean, confidence);
      near(percentile.lower, expected[`percentile${percent}`][0]);
      near(percentile.upper, expected[`percentile${percent}`][1]);
      expect(Math.abs(bca.lower - percentile.lower)).toBeGreaterThan(1e-6);
    },
  );
});

describe('bcaInterval', () => {
  const of = (estimate: number, resampled: readonly number[], leftOut: readonly number[]): ResampledMean => ({
    estimate,
    resampled: floats(resampled),
    leftOut: floats(leftOut),
  });

  it('is the percentile interval where nothing is to be corrected', () => {
    const resampled = [-2, -1, -0.5, 0.5, 1, 2];
    const symmetric = of(0, resampled, [-1, 0, 1]);
    const [bca, percentile] = [bcaInterval(symmetric, 0.8)!, percentileInterval(symmetric, 0.8)];
    near(bca.lower, percentile.lower);
    near(bca.upper, percentile.upper);
  });

  it('counts resamples half that are the estimate but for rounding', () => {
    const around = (tie: number) => bcaInterval(of(0.3, [0, 0.1, tie, 0.4, 0.5], [1, 2, 3]), 0.5);
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(around(0.1 + 0.2)!.lower).toBeCloseTo(around(0.3)!.lower, 14);
  });

  it('is a point where all resamples agree', () => {
    expect(bcaInterval(of(0.25, [0.25, 0.25], [0.25]), 0.95)).toEqual({ lower: 0.25, upper: 0.25 });
    const weights = Float64Array.from({ length: 999 }, (_, i) => 0.1 + (i % 7));
    const [mean] = resample({ quantities: [weights.map(() => 0.1)], weights });
    expect(new Set(mean.resampled).size).toBeGreaterThan(1);
    const { lower, upper } = bcaInterval(mean, 0.95)!;
    near(lower, 0.1);
    near(upper, 0.1);
  });

  it('is null where it is not defined', () => {
    expect(bcaInterval(of(1, [2, 3, 4], [1, 2]), 0.95)).toBeNull();
    expect(bcaInterval(of(3, [2, 3, 4], [1, 1]), 0.95)).toBeNull();
  });

  it('covers a skewed mean better than the percentiles do', () => {
    // Exponential, mean 1, 15 examples: 90 % intervals by 200 resamples of 400 samples.
    const random = randomFor('coverage');
    const redraw = redrawsFor('coverage', 'resamples');
    const covered = { bca: 0, percentile: 0 };
    for (let sample = 0; sample < 400; sample++) {
      const quantities = [Float64Array.from({ length: 15 }, () => -Math.log(1 - random()))];
      const [mean] = resample({ quantities }, { redraw });
      const holds = ({ lower, upper }: { lower: number; upper: number }) => lower <= 1 && 1 <= upper;
      if (holds(bcaInterval(mean, 0.9)!)) covered.bca++;
      if (holds(percentileInterval(mean, 0.9))) covered.percentile++;
    }
    expect(covered.bca).toBeGreaterThan(covered.percentile);
    expect(covered.bca / 400).toBeGreaterThan(0.8);
  });
});
