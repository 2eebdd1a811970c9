import { describe, expect, it } from 'vitest';

import { pAtLeast, percentileInterval, bcaInterval } from '../../src/diagnostic/bootstrap-interval.ts';
import {
  changeSinceRecord,
  gapChange,
  type ChangePlan,
  type MeasuredGap,
} from '../../src/diagnostic/gap-change.ts';
import type { Measurements } from '../../src/diagnostic/measurements.ts';
import { permutation, randomFor, redrawsFor } from '../../src/diagnostic/random.ts';
import { resampleMeans } from '../../src/diagnostic/resampled-means.ts';
import expected from '../fixtures/diagnostic/gap-change.json' with { type: 'json' };

interface Counts {
  readonly clean: readonly number[];
  readonly right: readonly number[];
}

/** What a gate would have measured: only what the gap and its interval are made from. */
function measured({ clean, right }: Counts, labels: readonly number[], gap: number, count = 20): MeasuredGap {
  const facts = {
    clean: Uint8Array.from(clean),
    labels: Int32Array.from(labels),
    count,
    gauges: [],
    uniform: new Uint32Array(2),
    folds: null,
  };
  const measurements = { facts, draws: { main: { right: Uint32Array.from(right) } } };
  return { measurements: measurements as unknown as Measurements, gap };
}

const PLAN: ChangePlan = {
  metric: 'accuracy',
  threshold: 0.05,
  alpha: 0.05,
  seed: 1,
  interval: { method: 'bca', resamples: 20_000 },
};
const inPlace = Uint32Array.from({ length: expected.labels.length }, (_, i) => i);
const [gapNow, gapBefore] = expected.gaps;
const now = measured(expected.now, expected.labels, gapNow);
const before = measured(expected.before, expected.labels, gapBefore);

/** Of two quantiles, each by its own random resamples: some thousandths of the width of the interval. */
const CHANCE = 0.003;

describe('the change of the gap', () => {
  it.each([
    ['paired', inPlace],
    ['apart', null],
  ] as const)('has the interval and the error that SciPy and NumPy give, %s', (way, order) => {
    const change = gapChange(now, before, order, PLAN);
    const { interval, error } = expected[way];
    expect(change.value).toBeCloseTo(gapNow - gapBefore, 12);
    expect(change.standardError).toBeCloseTo(error, 10);
    expect(Math.abs(change.lower - interval[0])).toBeLessThan(CHANCE);
    expect(Math.abs(change.upper - interval[1])).toBeLessThan(CHANCE);
    expect(change).toMatchObject({ paired: way === 'paired', confidence: 0.9, regressed: true });
  });

  it('of balanced accuracy has the error of the jackknife, and of the bootstrap', () => {
    const [a, b] = expected.balanced.gaps;
    const change = gapChange({ ...now, gap: a }, { ...before, gap: b }, inPlace, {
      ...PLAN,
      metric: 'balanced-accuracy',
    });
    expect(change.value).toBeCloseTo(a - b, 12);
    expect(change.standardError).toBeCloseTo(expected.balanced.error, 10);
    const half = 1.645 * expected.balanced.bootstrapError;
    expect(Math.abs(change.upper - (a - b + half))).toBeLessThan(0.05 * half);
  });

  it('finds the same examples in another order', () => {
    const order = permutation(expected.labels.length, 'order');
    const moved = (values: readonly number[]) => {
      const to = [...values];
      order.forEach((row, i) => (to[row] = values[i]));
      return to;
    };
    const shuffled = measured(
      { clean: moved(expected.before.clean), right: moved(expected.before.right) },
      moved(expected.labels),
      gapBefore,
    );
    expect(gapChange(now, shuffled, order, PLAN)).toEqual(gapChange(now, before, inPlace, PLAN));
  });

  it.each(['0.05', '0.1', '0.15'] as const)(
    'has the p-value of a bootstrap for a fall of %s',
    (threshold) => {
      const percentile = { method: 'percentile', resamples: 20_000 } as const;
      const plan = { ...PLAN, threshold: Number(threshold), interval: percentile };
      const change = gapChange(now, before, inPlace, plan);
      const p = expected.p[threshold];
      // Ties count half here and whole there; and either is drawn.
      expect(Math.abs(change.p - p)).toBeLessThan(0.01 + 4 * Math.sqrt((p * (1 - p)) / 20_000));
      expect(change.regressed).toBe(p < 0.05);
    },
  );

  it('draws clusters whole', () => {
    // Four copies of every example say no more than one: the error is that of the examples, not half of it.
    const four = <T>(values: readonly T[]): T[] => values.flatMap((value) => [value, value, value, value]);
    const copied = ({ clean, right }: Counts, gap: number) =>
      measured({ clean: four(clean), right: four(right) }, four(expected.labels), gap);
    const clusters = Int32Array.from(four([...expected.labels.keys()]));
    const hanging = copied(expected.now, gapNow);
    const { measurements } = hanging;
    const now4 = {
      ...hanging,
      measurements: { ...measurements, facts: { ...measurements.facts, clusters } },
    };
    const before4 = copied(expected.before, gapBefore);
    const order = Uint32Array.from(clusters.keys());
    const change = gapChange(now4, before4, order, { ...PLAN, interval: { method: 'bca', resamples: 200 } });
    expect(change.standardError).toBeCloseTo(expected.paired.error, 10);
    const { standardError } = gapChange(hanging, before4, order, PLAN);
    expect(standardError / expected.paired.error).toBeCloseTo(0.5, 2);
  });

  it('is nothing, and nothing regressed, where both are the same', () => {
    expect(gapChange(now, now, inPlace, { ...PLAN, threshold: 0 })).toEqual({
      value: 0,
      lower: 0,
      upper: 0,
      confidence: 0.9,
      standardError: 0,
      p: 1,
      paired: true,
      regressed: false,
    });
  });
});

describe('the change since a record', () => {
  it('adds the errors of both as those of separate normal gaps', () => {
    // Errors of 0.03 and 0.04 (an interval of 95 % has 1.959964 of them either way) are one of 0.05.
    const half = 0.04 * 1.959964;
    const record = { value: 0.2, lower: 0.2 - half, upper: 0.2 + half, confidence: 0.95 };
    const change = changeSinceRecord({ gap: 0.05, standardError: 0.03 }, record, {
      threshold: 0.05,
      alpha: 0.05,
    });
    expect(change.standardError).toBeCloseTo(0.05, 7);
    expect(change.value).toBeCloseTo(-0.15, 12);
    expect(change.upper).toBeCloseTo(-0.15 + 1.644854 * 0.05, 6);
    expect(change.lower).toBeCloseTo(-0.15 - 1.644854 * 0.05, 6);
    // Two errors below what may be lost.
    expect(change.p).toBeCloseTo(0.02275, 4);
    expect(change).toMatchObject({ paired: false, regressed: true, confidence: 0.9 });
    const allowed = changeSinceRecord({ gap: 0.05, standardError: 0.03 }, record, {
      threshold: 0.07,
      alpha: 0.05,
    });
    expect(allowed.regressed).toBe(false);
  });
});

describe('the p-value of an interval', () => {
  const random = randomFor('p');
  const values = Float64Array.from({ length: 60 }, () => random() ** 3);
  const [mean] = resampleMeans({ quantities: [values] }, { resamples: 4000, redraw: redrawsFor('p') })!;

  it.each([
    ['bca', bcaInterval],
    ['percentile', percentileInterval],
  ] as const)('is the level at which the upper end is there: %s', (method, intervalOf) => {
    for (const level of [0.3, 0.1, 0.05, 0.01]) {
      const { upper } = intervalOf(mean, 1 - 2 * level)!;
      expect(Math.abs(pAtLeast(mean, upper, method) - level)).toBeLessThan(0.001);
    }
  });
});

/** At the edge of what is allowed a regression may be seen in alpha of all cases, and beyond it in most. */
describe('simulated changes', () => {
  const REPEATS = 400;
  const ROWS = 200;
  const [threshold, shuffles] = [0.05, 20];

  function sharesFound(fall: number, isPaired: boolean): number {
    const random = randomFor('changes', String(fall), String(isPaired));
    const plan = { ...PLAN, threshold, interval: { method: 'bca', resamples: 400 } as const };
    const order = Uint32Array.from({ length: ROWS }, (_, i) => i);
    const side = (ease: readonly number[], use: number) => {
      const clean = ease.map((of) => Number(random() < 0.3 + 0.3 * of + use));
      const right = ease.map((of) => {
        let hits = 0;
        for (let k = 0; k < shuffles; k++) hits += Number(random() < 0.3 + 0.3 * of);
        return hits;
      });
      const gap = clean.reduce((sum, isRight, i) => sum + isRight - right[i] / shuffles, 0) / ROWS;
      return measured(
        { clean, right },
        ease.map(() => 0),
        gap,
        shuffles,
      );
    };
    let found = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const ease = Array.from({ length: ROWS }, random);
      const others = isPaired ? ease : Array.from({ length: ROWS }, random);
      const after = side(ease, 0.3 - fall);
      const earlier = side(others, 0.3);
      found += Number(gapChange(after, earlier, isPaired ? order : null, plan).regressed);
    }
    return found / REPEATS;
  }

  it.each([true, false])('are found as often as alpha says at the edge (paired: %s)', (isPaired) => {
    // Three standard errors of a share of 0.05 in 400 repeats.
    expect(Math.abs(sharesFound(threshold, isPaired) - 0.05)).toBeLessThan(
      3 * Math.sqrt((0.05 * 0.95) / REPEATS),
    );
  });

  it.each([true, false])('are found where the gap is gone (paired: %s)', (isPaired) => {
    expect(sharesFound(0.3, isPaired)).toBeGreaterThan(0.95);
  });
});
