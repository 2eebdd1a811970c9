import { describe, expect, it } from 'vitest';

import { cellsOf } from '../../src/diagnostic/cells.ts';
import { conclude } from '../../src/diagnostic/conclude.ts';
import { areAllSame, effectiveSize, wholeWeights } from '../../src/diagnostic/example-weights.ts';
import { gapChange } from '../../src/diagnostic/gap-change.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { startCounting } from '../../src/diagnostic/tally.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { pickLarger, stubFusion, stubPlan } from './stub-fusion.ts';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('whole weights', () => {
  it.each([
    [
      [3, 1, 0, 2],
      [3, 1, 0, 2],
    ],
    [
      [30, 10, 0, 20],
      [3, 1, 0, 2],
    ],
    [
      [0.5, 0.25, 0.125],
      [4, 2, 1],
    ],
    [
      [0, 7],
      [0, 1],
    ],
    [
      [1e308, 1e308, 0.5e308],
      [2, 2, 1],
    ],
    [
      [5e-324, 1e-323],
      [1, 2],
    ],
  ])('of %j are %j', (weights, whole) => {
    expect([...wholeWeights(Float64Array.from(weights))]).toEqual(whole);
  });

  it('keep shares of the sum to 1e-12, in sums that are exact', () => {
    const random = randomFor('whole weights');
    const weights = Float64Array.from({ length: 1000 }, () => -Math.log(random()) * 10 ** (6 * random()));
    const whole = wholeWeights(weights);
    expect(whole.every(Number.isSafeInteger)).toBe(true);
    expect(sum(whole)).toBeLessThan(2 ** 53);
    const [total, totalOfWhole] = [sum(weights), sum(whole)];
    whole.forEach((weight, i) => {
      expect(Math.abs(weight / totalOfWhole - weights[i] / total)).toBeLessThan(1e-15);
    });
  });

  it('never lose an example that counts', () => {
    expect([...wholeWeights(Float64Array.of(1, 1e-300, 0))]).toEqual([2 ** 52, 1, 0]);
  });
});

describe('the effective size', () => {
  it.each([
    [[1, 1, 1, 1], 4],
    [[0.3, 0.3, 0.3], 3],
    [[1, 0, 0], 1],
    // (1 + 2 + 3)^2 / (1 + 4 + 9).
    [[1, 2, 3], 36 / 14],
    [[0, 0], 0],
  ])('of %j is %d', (weights, size) => {
    expect(effectiveSize(Float64Array.from(weights))).toBeCloseTo(size, 12);
  });

  it('is asked for where not all weights are the same', () => {
    expect(areAllSame(Float64Array.of(0.1, 0.1))).toBe(true);
    expect(areAllSame(Float64Array.of(0.1, 0.2))).toBe(false);
  });
});

describe('a tally with weights', () => {
  it('sums the weights of right and of changed predictions, beyond 32 bits, and counts draws by example', () => {
    const labels = Int32Array.of(0, 1, 1, 0, 1);
    const weights = Float64Array.of(2 ** 40, 1, 2 ** 41, 0, 5);
    const cells = cellsOf(labels, 2, undefined, weights);
    expect([...cells.sizes]).toEqual([2 ** 40, 2 ** 41 + 6]);
    const tally = startCounting(cells, Int32Array.of(0, 0, 1, 0, 1));
    const { hits, flipped } = tally.count(Int32Array.of(0, 1, 0, 0, 1));
    expect([...hits]).toEqual([2 ** 40, 6]);
    expect(flipped).toBe(2 ** 41 + 1);
    expect([...tally.right]).toEqual([1, 1, 0, 1, 1]);
  });
});

/** Two experts, of which the one with the higher score is right more often. */
function example(rows: number) {
  const random = randomFor('weighted example');
  const labels = Int32Array.from({ length: rows }, () => Math.floor(3 * random()));
  const scores = [0, 1].map(() => Array.from(labels, () => random()));
  const predicted = scores.map((score) =>
    Array.from(labels, (label, i) => (random() < 0.3 + 0.6 * score[i] ? label : Math.floor(3 * random()))),
  );
  return { labels, fusion: stubFusion({ rule: pickLarger, predicted, scores, classes: 3 }) };
}

describe('a diagnosis with weights', () => {
  it.each(['accuracy', 'balanced-accuracy', 'macro-f1', 'log-loss', 'auroc'] as const)(
    'is to the last bit that without where every weight is 1, by %s',
    async (metric) => {
      const { labels, fusion } = example(80);
      const plan = stubPlan(2, { metric, metrics: metric === 'accuracy' ? ['brier', 'ece'] : ['accuracy'] });
      const clusters = Int32Array.from(labels, (_, i) => i >> 1);
      const slices = [{ column: 'half', of: Int32Array.from(labels, (_, i) => i % 2), names: ['0', '1'] }];
      const diagnose = async (more: object) =>
        conclude(
          await takeMeasurements(fusion, { labels, clusters, slices, ...more }, plan, silentLogger),
          plan,
        );
      expect(await diagnose({ weights: new Float64Array(80).fill(1) })).toEqual(await diagnose({}));
    },
  );

  it('has the standard error of a ratio, by linearisation', async () => {
    const { labels, fusion } = example(400);
    const random = randomFor('weights');
    const weights = wholeWeights(Float64Array.from(labels, () => -Math.log(random())));
    const plan = stubPlan(2);
    const measurements = await takeMeasurements(fusion, { labels, weights }, plan, silentLogger);
    const { gap, power } = conclude(measurements, plan);
    const { facts, draws } = measurements;
    const has = Array.from(labels, (_, i) => facts.clean[i] - draws.main.right[i] / facts.count);
    const mean = sum(has.map((value, i) => weights[i] * value)) / sum(weights);
    expect(gap.value).toBeCloseTo(mean, 12);
    // Of the ratio of sum w a and sum w (Cochran 1977, "Sampling Techniques", chapter 6).
    const error = Math.sqrt(sum(has.map((value, i) => (weights[i] * (value - mean)) ** 2))) / sum(weights);
    expect(Math.abs(power.standardError / error - 1)).toBeLessThan(0.01);
    expect(gap.upper - gap.lower).toBeGreaterThan(3 * error);
    expect(gap.upper - gap.lower).toBeLessThan(5 * error);
  });

  it('counts clusters by the mean weight of their rows', async () => {
    const { labels, fusion } = example(60);
    const clusters = Int32Array.from(labels, (_, i) => Math.floor(i / 3));
    // Rows of a cluster have one weight, and clusters 1 or 2: (10 * 1 + 10 * 2)^2 / (10 * 1 + 10 * 4) = 18.
    const weights = Float64Array.from(clusters, (cluster) => 1 + (cluster % 2));
    const plan = stubPlan(2);
    const measured = await takeMeasurements(fusion, { labels, clusters, weights }, plan, silentLogger);
    expect(conclude(measured, plan).equivalence.unseen).toBeCloseTo(1 - 0.05 ** (1 / 18), 12);
  });
});

describe('the change of a gap', () => {
  it('is paired where examples have the weights that they had', async () => {
    const { labels, fusion } = example(60);
    const plan = stubPlan(2);
    const measured = async (weights?: Float64Array) => {
      const measurements = await takeMeasurements(
        fusion,
        { labels, ...(weights && { weights }) },
        plan,
        silentLogger,
      );
      return { measurements, gap: conclude(measurements, plan).gap.value };
    };
    const weights = Float64Array.from(labels, (_, i) => 1 + (i % 3));
    const [now, plain, other] = [
      await measured(weights),
      await measured(),
      await measured(weights.toReversed()),
    ];
    const order = Uint32Array.from(labels.keys());
    const changed = (a: typeof now, b: typeof now) =>
      gapChange(a, b, order, { ...plan, threshold: 0.01, seed: 7 });
    expect(changed(now, now)).toMatchObject({ paired: true, value: 0, standardError: 0 });
    expect(changed(now, plain).paired).toBe(false);
    expect(changed(plain, now).paired).toBe(false);
    expect(changed(now, other).paired).toBe(false);
    expect(changed(plain, plain).paired).toBe(true);
  });
});
