import { describe, expect, it } from 'vitest';

import { conclude } from '../../src/diagnostic/conclude.ts';
import type { MainDraws } from '../../src/diagnostic/measurements.ts';
import { joinDraws } from '../../src/diagnostic/join-measurements.ts';
import { drawUntilSettled, pInterval, straddles } from '../../src/diagnostic/monte-carlo.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { pickLarger, stubFusion, stubPlan } from './stub-fusion.ts';

/** All orders of 0..size-1. */
function orders(size: number): number[][] {
  if (size === 0) return [[]];
  return orders(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}

function sample(rows: number, key: number) {
  const random = randomFor('exhaustive', rows, key);
  const labels = Array.from({ length: rows }, (_, i) => i % 2);
  const predicted = [0, 1].map(() => labels.map((label) => (random() < 0.6 ? label : 1 - label)));
  const scores = [0, 1].map((_, m) => labels.map((label, i) => random() + Number(predicted[m][i] === label)));
  return { labels: Int32Array.from(labels), fusion: stubFusion({ rule: pickLarger, predicted, scores }) };
}

describe('the p-value of shuffles', () => {
  it.each([4, 5, 6, 7])(
    'is that of all orders of %d examples, within its Monte-Carlo error',
    async (rows) => {
      let held = 0;
      for (let key = 0; key < 20; key++) {
        const { labels, fusion } = sample(rows, key);
        const right = (predicted: Int32Array) => predicted.filter((it, i) => it === labels[i]).length;
        const clean = right(await fusion.predict(fusion.reliability));
        let atLeast = 0;
        const all = orders(rows);
        for (const order of all) {
          const broken = fusion.reliability.map(({ width, values }) => ({
            width,
            values: Float64Array.from(order, (row) => values[row]),
          }));
          if (right(await fusion.predict(broken)) >= clean) atLeast++;
        }
        const permutations = { count: 400, secondaryCount: 9, scheme: 'joint', seed: key } as const;
        const plan = stubPlan(2, { permutations });
        const { pIntervals } = conclude(await takeMeasurements(fusion, { labels }, plan, silentLogger), plan);
        const { lower, upper } = pIntervals.oneSided;
        const exact = atLeast / all.length;
        if (lower <= exact && exact <= upper) held++;
      }
      // 99 % intervals: two misses in 20 have a probability of 0.017 at most, three of 0.001.
      expect(held).toBeGreaterThanOrEqual(18);
    },
  );

  it('has the interval that Clopper and Pearson give', () => {
    // None of 100: (0.005)^(1/100) is the chance that none is found of a share of one less that.
    expect(pInterval(1 / 101, 100).lower).toBe(0);
    expect(pInterval(1 / 101, 100).upper).toBeCloseTo(1 - 0.005 ** (1 / 100), 10);
    expect(pInterval(1, 100).lower).toBeCloseTo(0.005 ** (1 / 100), 10);
    expect(pInterval(2 / 101, 100, 2)).toEqual({ lower: 0, upper: 2 * pInterval(1 / 101, 100).upper });
  });
});

describe('more shuffles', () => {
  const none: MainDraws = {
    hits: new Uint32Array(6),
    values: new Float64Array(),
    flipped: new Uint32Array(3),
    moved: new Float64Array(),
    right: new Uint32Array(2),
    units: [],
  };

  it('double while the verdict hangs on them, up to the most', async () => {
    const ranges: number[][] = [];
    const draws = await drawUntilSettled(none, {
      most: 20,
      made: ({ flipped }) => flipped.length,
      isOpen: () => true,
      join: joinDraws,
      drawMore: ({ from, until }) => {
        ranges.push([from, until]);
        const made = until - from;
        return Promise.resolve({
          hits: new Uint32Array(2 * made),
          values: new Float64Array(),
          flipped: new Uint32Array(made),
          moved: new Float64Array(),
          right: new Uint32Array(2).fill(1),
          units: [],
        });
      },
    });
    expect(ranges).toEqual([
      [3, 6],
      [6, 12],
      [12, 20],
    ]);
    expect(draws.flipped).toHaveLength(20);
    expect([...draws.right]).toEqual([3, 3]);
  });

  it('are those that one run of so many would have drawn', async () => {
    let extended = 0;
    for (let key = 0; key < 30; key++) {
      const { labels, fusion } = sample(12, key);
      const plan = (count: number, most?: number) =>
        stubPlan(2, { permutations: { count, secondaryCount: 9, scheme: 'joint', seed: key, most } });
      const run = (of: ReturnType<typeof plan>) => takeMeasurements(fusion, { labels }, of, silentLogger);
      const found = await run(plan(40, 640));
      const { count } = found.facts;
      if (count > 40) extended++;
      expect(found).toEqual(await run(plan(count)));
      const { gap, p, pIntervals, threshold } = conclude(found, plan(40, 640));
      const decides = gap.value >= threshold ? pIntervals.oneSided : pIntervals.otherSide;
      if (count < 640 && Math.abs(gap.value) >= threshold) expect(straddles(decides, 0.05)).toBe(false);
      expect(p.oneSided).toBeGreaterThan(0);
      // A shard draws no more than its part.
      const [first, second] = [1, 2].map((index) => ({ shard: { index, of: 2 } }));
      for (const options of [first, second]) {
        const { facts } = await takeMeasurements(fusion, { labels }, plan(40, 640), silentLogger, options);
        expect(facts.count).toBe(40);
      }
    }
    expect(extended).toBeGreaterThan(0);
  });
});
