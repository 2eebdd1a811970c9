import { describe, expect, it } from 'vitest';

import { conclude } from '../../src/diagnostic/conclude.ts';
import type { Examples } from '../../src/diagnostic/examples.ts';
import { permutation, randomFor } from '../../src/diagnostic/random.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { pickLarger, stubFusion, stubPlan } from './stub-fusion.ts';

const ROWS = 80;
const IN_FIRST = 48;
const DRAWS = 99;
const random = randomFor('slices');
const labels = Int32Array.from({ length: ROWS }, () => Number(random() < 0.4));
const predicted = [0.7, 0.6].map((right) =>
  Array.from(labels, (label) => (random() < right ? label : 1 - label)),
);
const scores = predicted.map((classes) =>
  classes.map((value, i) => random() + 0.3 * Number(value === labels[i])),
);
/** Twelve clusters of four rows, not in the order of their numbers, and one of the others. */
const clusters = Int32Array.from(labels, (_, row) => (row < IN_FIRST ? 12 - Math.floor(row / 4) : 0));
const slices = {
  column: 'site',
  of: Int32Array.from(labels, (_, row) => Number(row >= IN_FIRST)),
  names: ['a', 'b'],
};
const drawn = scores.map((own, m) =>
  Float64Array.from({ length: DRAWS }, (_, k) => k).reduce<number[]>((all, k) => {
    const order = permutation(ROWS, k, m);
    return [...all, ...Array.from(order, (row) => own[row])];
  }, []),
);

/** The diagnosis of the first so many rows, with the draws of all. */
async function diagnose(rows: number, known: Omit<Examples, 'labels'>, metric: 'accuracy' | 'log-loss') {
  const first = <T>(list: readonly T[]): T[] => list.slice(0, rows);
  const fusion = stubFusion({ rule: pickLarger, predicted: predicted.map(first), scores: scores.map(first) });
  const bank = drawn.map((all) => Float64Array.from(all.filter((_, i) => i % ROWS < rows)));
  const plan = stubPlan(2, {
    metric,
    permutations: { count: DRAWS, secondaryCount: 39, scheme: 'independent', seed: 7, bank },
  });
  const examples = { labels: labels.slice(0, rows), clusters: clusters.slice(0, rows), ...known };
  return conclude(await takeMeasurements(fusion, examples, plan, silentLogger), plan);
}

describe.each(['accuracy', 'log-loss'] as const)('where rows hang together, by %s,', (metric) => {
  it('the interval of a slice draws its clusters whole', async () => {
    const { slices: found } = await diagnose(ROWS, { slices: [slices] }, metric);
    const renumbered = Int32Array.from({ length: IN_FIRST }, (_, row) => Math.floor(row / 4));
    const { metrics } = await diagnose(IN_FIRST, { clusters: renumbered }, metric);
    const { gap, p } = found![0].found!;
    expect(p).toBe(metrics[0].p);
    for (const key of ['value', 'lower', 'upper'] as const) {
      expect(gap[key]).toBeCloseTo(metrics[0].gap[key], 9);
    }
    expect(gap.lower).toBeLessThan(gap.upper);
  });

  it('a slice of one cluster is left out', async () => {
    const { slices: found } = await diagnose(ROWS, { slices: [slices] }, metric);
    expect(found![1]).toEqual({
      column: 'site',
      value: 'b',
      examples: ROWS - IN_FIRST,
      found: null,
      leftOut: 'a single cluster',
    });
  });
});

it('with equal scores a slice has what the rule makes of them', async () => {
  const { slices: found } = await diagnose(ROWS, { slices: [slices] }, 'accuracy');
  // The rule then takes the first expert.
  const right = predicted[0].filter((value, row) => row < IN_FIRST && value === labels[row]).length;
  expect(found![0].found!.uniform).toBeCloseTo(right / IN_FIRST, 12);
});
