import { describe, expect, it } from 'vitest';

import { scaledOnTest } from '../../../src/diagnostic/leakage/scaled-on-test.ts';
import { normal, simulatedSet, type Score, type Setting } from './simulated-set.ts';

/** A set whose only score went through this. */
function after(scale: (values: Float64Array) => Float64Array, seed: number, setting: Setting = {}) {
  const set = simulatedSet(seed, ({ random }) => normal(random), { modalities: 1, ...setting });
  return { ...set, reliability: [{ width: 1, values: scale(set.reliability[0].values) }] };
}

const byExtremes = (values: Float64Array): Float64Array => {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - min) / (max - min));
};
const ranks = (values: Float64Array): Float64Array => {
  const sorted = values.toSorted();
  return values.map((value) => sorted.indexOf(value));
};

describe('scores that are scaled on the test set', () => {
  it('are found when their extremes are 0 and 1', () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(scaledOnTest(after(byExtremes, seed))).toEqual([
        {
          check: 'test-scaled',
          modality: 'm0',
          severity: 'warning',
          numbers: { min: 0, max: 1, distinctScores: 300 },
          sentence:
            'The score of m0 is exactly 0 on one example, exactly 1 on one, and between them on all others (300 different values), so it looks scaled on this evaluation set: the score of an example then depends on all others, as it cannot in use. Scale by what is known from training.',
        },
      ]);
    }
  });

  it.each([
    ['k / (N - 1)', (rank: number, n: number) => rank / (n - 1)],
    ['(k + 1) / N, in float32', (rank: number, n: number) => Math.fround((rank + 1) / n)],
    ['(k + 0.5) / N', (rank: number, n: number) => (rank + 0.5) / n],
  ])('are found when they are ranks: %s', (_, of) => {
    const set = after((values) => ranks(values).map((rank) => of(rank, values.length)), 1);
    expect(scaledOnTest(set).map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('has evenly spaced values, as ranks have (300 of them)'),
    ]);
  });

  it.each<[string, Score]>([
    ['0 and 1 alone', ({ isRight }) => Number(isRight)],
    ['what is never at either end', ({ random }) => random()],
    ['a sigmoid', ({ random }) => 1 / (1 + Math.exp(-normal(random)))],
    ['what is cut off at 0 and 1', ({ random }) => Math.min(1, Math.max(0, 0.5 + 0.5 * normal(random)))],
    ['a share of 20 frames', ({ random }) => Math.round(20 * random()) / 20],
    ['a share of 100 frames', ({ random }) => Math.round(100 * random()) / 100],
    ['any number', ({ random }) => normal(random)],
    ['a constant', () => 1],
  ])('are not found in %s', (_, score) => {
    for (let seed = 0; seed < 100; seed++) expect(scaledOnTest(simulatedSet(seed, score))).toEqual([]);
  });

  it('are not found in values that are rounded, however few', () => {
    const rounded: Score = ({ random }) => Math.round(100 * random()) / 100;
    const alarms = Array.from({ length: 300 }, (_, seed) =>
      scaledOnTest(simulatedSet(seed, rounded, { rows: 50, modalities: 1 })),
    );
    expect(alarms.flat()).toEqual([]);
  });

  it('are not found among fewer than 30 examples', () => {
    expect(scaledOnTest(after(byExtremes, 1, { rows: 29 }))).toEqual([]);
    expect(scaledOnTest(after(byExtremes, 1, { rows: 30 }))).toHaveLength(1);
  });

  it('are found with the probability that is said where scores are rarely cut off', () => {
    // Each end is reached by one of 200 on average: exactly one at both ends in a share of 1 / e^2 = 0.135.
    const rarely: Score = ({ random }) => Math.min(1, Math.max(0, -0.5 / 99 + random() * (100 / 99)));
    const sets = 2000;
    const alarms = Array.from({ length: sets }, (_, seed) =>
      scaledOnTest(simulatedSet(seed, rarely, { rows: 200, modalities: 1 })),
    );
    const share = alarms.filter(({ length }) => length > 0).length / sets;
    expect(Math.abs(share - Math.exp(-2))).toBeLessThan(4 * Math.sqrt((0.135 * 0.865) / sets));
  });
});
