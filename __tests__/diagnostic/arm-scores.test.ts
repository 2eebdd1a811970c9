import { describe, expect, it } from 'vitest';

import { armsOf, type PlannedArm } from '../../src/diagnostic/arm-scores.ts';
import { scoreCalibration } from '../../src/diagnostic/score-calibration.ts';

describe('scores of which some are absent', () => {
  // The first score is absent on the two last rows, where it happens to be no number.
  const present = Uint8Array.of(1, 1, 1, 1, 0, 0);
  const clean = [
    { width: 1, values: Float64Array.of(1, 2, 3, 6, NaN, NaN), present },
    { width: 1, values: Float64Array.of(6, 5, 4, 3, 2, 1) },
  ];
  const arms = armsOf({
    clean,
    modalities: ['audio', 'video'],
    reliableWhen: ['high', 'high'],
    uniformScore: 'mean',
    folds: { of: new Int32Array(6), names: [''], repeats: [[0]] },
    truthful: 'no experts',
  });
  const valuesOf = (name: PlannedArm['name'], modality: string | null = null) => {
    const { scores } = arms.find((arm) => arm.name === name && arm.modality === modality)!;
    return typeof scores === 'string' ? scores : scores.map(({ values }) => [...values]);
  };

  it('stay as they are where they are absent, and count for nothing elsewhere', () => {
    expect(valuesOf('zero')).toEqual([
      [0, 0, 0, 0, NaN, NaN],
      [0, 0, 0, 0, 0, 0],
    ]);
    expect(valuesOf('constant')).toEqual([
      [3, 3, 3, 3, NaN, NaN],
      [3.5, 3.5, 3.5, 3.5, 3.5, 3.5],
    ]);
    expect(valuesOf('floor', 'audio')[0]).toEqual([2.5, 2.5, 3, 6, NaN, NaN]);
    expect(valuesOf('swapped')).toBe('modalities that are absent on some rows');
  });

  it('are held against experts where they are present', () => {
    const merit = Float64Array.of(0, 1, 1, 1, 0, 0);
    const appraisals = clean.map(() => ({ merit, isTrusted: merit }));
    const how = { task: 'classification', reliableWhen: ['high', 'high'] } as const;
    const { audio, video } = scoreCalibration(clean, appraisals, ['audio', 'video'], how);
    const sizes = [audio, video].map(({ found }) => found!.bins.map(({ count, right }) => [count, right]));
    expect(sizes).toEqual([[[4, 3]], [[6, 3]]]);
    expect(audio.found!.riskCoverage.chanceAurc).toBe(1 / 4);
  });
});
