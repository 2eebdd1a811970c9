import { describe, expect, it } from 'vitest';

import { cellsOf, countHits } from '../../src/diagnostic/cells.ts';
import { fraction, metricFor } from '../../src/diagnostic/metric.ts';
import { pOfRepeats } from '../../src/diagnostic/permutation-test.ts';
import { numbered, repeatsOf } from '../../src/diagnostic/repeats.ts';
import { yardstickFor } from '../../src/diagnostic/yardstick.ts';
import { stackFusions } from '../../src/model/stack-fusions.ts';
import { pickLarger, stubFusion } from './stub-fusion.ts';

/** Fold 0: classes 0 0 0 1; fold 1: class 1 1, and none of class 0. */
const FOLDS = { of: Int32Array.of(0, 0, 0, 0, 1, 1), names: ['a', 'b'], repeats: [[0, 1]] };
const CELLS = cellsOf(Int32Array.of(0, 0, 0, 1, 1, 1), 2, FOLDS);

describe('metrics of folds', () => {
  it('are the mean over folds of the metric within each', () => {
    const hits = countHits(Int32Array.of(0, 0, 1, 0, 1, 0), CELLS);
    expect([...hits]).toEqual([2, 0, 0, 1]);
    const value = (name: 'accuracy' | 'balanced-accuracy') => {
      const metric = metricFor(name, CELLS);
      return fraction(metric.numerator(hits), metric.denominator);
    };
    expect(value('accuracy')).toBe((2 / 4 + 1 / 2) / 2);
    // Fold b has one class only: its recall is the mean.
    expect(value('balanced-accuracy')).toBeCloseTo(((2 / 3 + 0) / 2 + 1 / 2) / 2, 15);
  });

  it('are tested by the mean over folds per shuffle, and repeats by twice the median', () => {
    const outcomes = (...sets: number[][]) => ({
      hits: Uint32Array.from(sets.flat()),
      values: new Float64Array(),
    });
    const clean = outcomes([2, 0, 0, 1]);
    // Of fold a as good, worse, better; of fold b worse, as good, worse.
    const broken = outcomes([2, 0, 0, 0], [1, 0, 0, 1], [3, 0, 0, 0]);
    // Means: 1/4, 3/8, 3/8 against 1/2.
    expect(yardstickFor('accuracy', CELLS).compare(clean, broken).p.oneSided).toBe(1 / 4);
    const apart = cellsOf(CELLS.labels, 2, { ...FOLDS, repeats: [[0], [1]] });
    const { p } = yardstickFor('accuracy', apart).compare(clean, broken);
    expect(p.oneSided).toBe(Math.min(1, 2 * ((3 / 4 + 2 / 4) / 2)));
  });
});

it('repeats are the folds that share no example', () => {
  const example = numbered(['x', 'y', 'z', 'w', 'x', 'z', 'y', 'w']);
  expect([...example]).toEqual([0, 1, 2, 3, 0, 2, 1, 3]);
  expect(repeatsOf(Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3), 4, example)).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

it('p of repeats is twice their median, at most 1', () => {
  const p = (oneSided: number) => ({ oneSided, otherSide: 1 - oneSided, twoSided: 1 });
  expect(pOfRepeats([p(0.01), p(0.02), p(0.5)])).toMatchObject({ oneSided: 0.04, otherSide: 1 });
});

describe('stacked fusions', () => {
  const fusion = (predicted: number[][], scores: number[][]) =>
    stubFusion({ rule: pickLarger, predicted, scores });
  const a = () =>
    fusion(
      [
        [0, 1],
        [1, 0],
      ],
      [
        [0.9, 0.1],
        [0.2, 0.3],
      ],
    );
  const b = () => fusion([[1], [0]], [[0.1], [0.4]]);

  it('answer each for its own rows, and exchange evidence within them', async () => {
    const stacked = stackFusions([
      { name: 'a', fusion: a() },
      { name: 'b', fusion: b() },
    ]);
    expect(stacked.rows).toBe(3);
    expect([...(await stacked.predict(stacked.reliability))]).toEqual([0, 0, 0]);
    expect([...stacked.original]).toEqual([...(await stacked.replay(stacked.reliability))]);
    expect([...stacked.experts![0].classes]).toEqual([0, 1, 1]);
    const exchanged = (await stacked.withEvidence(0, Uint32Array.of(1, 0, 2)))!;
    expect([...(await exchanged.predict(stacked.reliability))]).toEqual([1, 0, 0]);
  });

  it('must have the same modalities', () => {
    const other = stubFusion({ rule: pickLarger, predicted: [[0]], scores: [[0.5]] });
    expect(() =>
      stackFusions([
        { name: 'seed 1', fusion: a() },
        { name: 'seed 2', fusion: other },
      ]),
    ).toThrow('The model of seed 2 has other modalities (modality0) than that of seed 1');
  });
});
