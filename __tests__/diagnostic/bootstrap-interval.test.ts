import { describe, expect, it } from 'vitest';

import { bootstrapGap } from '../../src/diagnostic/bootstrap.ts';
import { bcaInterval, jackknifeError, percentileInterval } from '../../src/diagnostic/bootstrap-interval.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { resampleMeans, type ResampledMean } from '../../src/diagnostic/resampled-means.ts';
import type { MeansPlan } from '../../src/diagnostic/resampling-units.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

const floats = (values: readonly number[]) => Float64Array.from(values);

/** A stream that draws these units of `count`, in turn. */
function drawing(units: readonly number[], count: number): () => number {
  let at = 0;
  return () => (units[at++] + 0.5) / count;
}

function resample(plan: MeansPlan, options: { resamples?: number; random?: () => number } = {}) {
  const { resamples = 200, random = randomFor('resample') } = options;
  return resampleMeans(plan, { resamples, random })!;
}

const CASES = fixture.bootstraps.map(({ draws, values, weights, clusters, classes, ...expected }) => {
  const plan = {
    quantities: [floats(values)],
    ...(weights && { weights: floats(weights) }),
    ...(clusters && { clusters }),
    ...(classes && { classes }),
  };
  const random = drawing(draws.flat(), draws[0].length);
  return { ...expected, draws, plan, mean: resample(plan, { resamples: draws.length, random })[0] };
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
        { resamples: 9, random: randomFor('none') },
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

  it('is the bootstrap of the gap that the diagnosis has', () => {
    const advantage = Float64Array.from({ length: 40 }, (_, i) => ((i * 7) % 11) / 11 - 0.4);
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 3);
    const options = { confidence: 0.9, resamples: 300 };
    for (const [metric, classes] of [
      ['accuracy', undefined],
      ['balanced-accuracy', labels],
    ] as const) {
      const before = bootstrapGap(advantage, labels, 3, metric, { ...options, random: randomFor('gap') });
      const plan = { quantities: [advantage], ...(classes && { classes }) };
      const after = percentileInterval(resample(plan, { resamples: 300, random: randomFor('gap') })[0], 0.9);
      near(after.lower, before.lower);
      near(after.upper, before.upper);
    }
  });
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
  });

  it('is null where it is not defined', () => {
    expect(bcaInterval(of(1, [2, 3, 4], [1, 2]), 0.95)).toBeNull();
    expect(bcaInterval(of(3, [2, 3, 4], [1, 1]), 0.95)).toBeNull();
  });

  it('covers a skewed mean better than the percentiles do', () => {
    // Exponential, mean 1, 15 examples: 90 % intervals by 200 resamples of 400 samples.
    const random = randomFor('coverage');
    const covered = { bca: 0, percentile: 0 };
    for (let sample = 0; sample < 400; sample++) {
      const quantities = [Float64Array.from({ length: 15 }, () => -Math.log(1 - random()))];
      const [mean] = resample({ quantities }, { random });
      const holds = ({ lower, upper }: { lower: number; upper: number }) => lower <= 1 && 1 <= upper;
      if (holds(bcaInterval(mean, 0.9)!)) covered.bca++;
      if (holds(percentileInterval(mean, 0.9))) covered.percentile++;
    }
    expect(covered.bca).toBeGreaterThan(covered.percentile);
    expect(covered.bca / 400).toBeGreaterThan(0.8);
  });
});
