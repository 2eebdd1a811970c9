import { describe, expect, it } from 'vitest';

import type { CheckedSet } from '../../../src/diagnostic/leakage/checked-scores.ts';
import { FALSE_ALARMS } from '../../../src/diagnostic/leakage/finding.ts';
import { labelInScore, LARGE_AUROC } from '../../../src/diagnostic/leakage/label-in-score.ts';
import fixture from '../../fixtures/diagnostic/leakage/values.json' with { type: 'json' };
import { normal, simulatedSet, type Score, type Setting } from './simulated-set.ts';

describe('scores that tell the label', () => {
  it('matters from a large effect on', () => {
    // The normal distribution function of 0.8 / sqrt 2, from a table.
    expect(LARGE_AUROC).toBeCloseTo(0.7142, 4);
  });

  it.each(fixture.leaks)('are found with the AUROC that scikit-learn gives: $classes classes', (leak) => {
    const { classes, labels, predicted, score, auroc } = leak;
    const set: CheckedSet = {
      modalities: ['audio'],
      reliability: [{ width: 1, values: Float64Array.from(score) }],
      experts: [{ classes: Int32Array.from(predicted) }],
      withoutScores: { classes: Int32Array.from(predicted) },
      labels: Int32Array.from(labels),
      classes,
      classNames: Array.from({ length: classes }, (_, c) => `mood ${c}`),
    };
    const [{ sentence, numbers, ...finding }, ...others] = labelInScore(set);
    expect(others).toEqual([]);
    expect(finding).toEqual({ check: 'label', modality: 'audio', severity: 'warning' });
    expect(numbers.label).toBe(1);
    expect(numbers.aurocWhereRight).toBeCloseTo(auroc.right, 13);
    expect(numbers.aurocWhereWrong).toBeCloseTo(auroc.wrong, 13);
    expect(sentence).toBe(
      `The score of audio tells the label: it tells class 1 (mood 1) from the rest with an AUROC of ${auroc.right.toFixed(2)} among the examples that the expert gets right, and of ${auroc.wrong.toFixed(2)} among those that it gets wrong, where a score that knows only when to trust the expert has 0.50. A gap may come from that; see whether labels went into the score, or whether classes were recorded under different conditions.`,
    );
  });

  it.each<[string, Score, Setting]>([
    ['the label itself', ({ label }) => label, {}],
    ['the label, upside down', ({ label }) => -label, { classes: 4 }],
    [
      'one class of many',
      ({ label, random }) => Number(label === 3) + 0.3 * random(),
      { classes: 5, rows: 600 },
    ],
    [
      'the label and who is right',
      ({ label, isRight, random }) => 2 * label + Number(isRight) + random(),
      {},
    ],
  ])('are found: %s', (_, score, setting) => {
    for (let seed = 0; seed < 20; seed++) {
      const findings = labelInScore(simulatedSet(seed, score, setting));
      expect(findings.map(({ modality }) => modality)).toEqual(['m0', 'm1']);
    }
  });

  it.each<[string, Score, Setting]>([
    ['noise', ({ random }) => random(), {}],
    ['noise in two steps', ({ random }) => Number(random() < 0.1), { classes: 6, rows: 200 }],
    ['who is right', ({ isRight }) => Number(isRight), {}],
    [
      'who is right, and noise',
      ({ isRight, random }) => Number(isRight) + normal(random),
      { firstClass: 0.9 },
    ],
    ['a confidence', ({ confidence }) => confidence, { classes: 3 }],
    ['the predicted class', ({ predicted }) => predicted, {}],
    ['the probability of class 1', ({ posterior }) => posterior[1], { firstClass: 0.8 }],
    [
      'the predicted class of many, and noise',
      ({ predicted, random }) => 2 * Number(predicted === 0) + random(),
      { classes: 4, rows: 800 },
    ],
    ['classes that differ a little', ({ label, random }) => 0.4 * label + normal(random), {}],
  ])('are not found in %s', (_, score, setting) => {
    const sets = 200;
    const alarms = Array.from({ length: sets }, (_, seed) =>
      labelInScore(simulatedSet(seed, score, setting)),
    );
    // The 95 % quantile of a share of false alarms that is as large as it may be.
    const most = FALSE_ALARMS + 1.645 * Math.sqrt((FALSE_ALARMS * (1 - FALSE_ALARMS)) / sets);
    expect(alarms.filter(({ length }) => length > 0).length / sets).toBeLessThanOrEqual(most);
  });

  it.each([
    // By hand: the variance of either AUROC is (21 - 990 / 380) / 1200 with ten tied scores, so z is 2.42 at 0.8 and 3.23
    // at 0.9; 1 % over two directions is 2.58 for one score, and over six scores 3.14.
    [8, 1, 0],
    [9, 1, 1],
    [9, 6, 6],
    [9, 12, 0],
  ])('must be more than chance: above %i of 10, %i scores', (above, modalities, found) => {
    // Ten examples of each class that the expert gets right, and ten that it gets wrong.
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const classes = labels.map((label, i) => (i < 20 ? label : 1 - label));
    const values = Float64Array.from(labels, (label, i) =>
      label === 1 ? above - 0.5 : Math.floor(i / 2) % 10,
    );
    const set: CheckedSet = {
      modalities: Array.from({ length: modalities }, (_, m) => `m${m}`),
      reliability: Array.from({ length: modalities }, () => ({ width: 1, values })),
      experts: Array.from({ length: modalities }, () => ({ classes })),
      withoutScores: { classes },
      labels,
      classes: 2,
    };
    expect(labelInScore(set)).toHaveLength(found);
  });

  it('are not looked for without experts, nor among too few examples', () => {
    const label: Score = ({ label }) => label;
    expect(labelInScore({ ...simulatedSet(1, label), experts: undefined })).toEqual([]);
    expect(labelInScore(simulatedSet(1, label, { rows: 30 }))).toEqual([]);
  });
});
