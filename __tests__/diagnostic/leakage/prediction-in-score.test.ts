import { describe, expect, it } from 'vitest';

import type { CheckedSet } from '../../../src/diagnostic/leakage/checked-scores.ts';
import { predictionInScore } from '../../../src/diagnostic/leakage/prediction-in-score.ts';
import { summariesOf } from '../../../src/diagnostic/leakage/prediction-summaries.ts';
import fixture from '../../fixtures/diagnostic/leakage/values.json' with { type: 'json' };
import { normal, simulatedSet, type Score, type Setting } from './simulated-set.ts';

describe('what a posterior comes to', () => {
  it.each(fixture.summaries)('is what NumPy and SciPy make of $classes classes', (expected) => {
    const { classes, posteriors, largest, margin, entropy, class1 } = expected;
    const summaries = summariesOf(Float64Array.from(posteriors), classes);
    const wanted: Record<string, readonly number[]> =
      classes === 2
        ? { 'the largest probability': largest, 'the probability of class 1': class1 }
        : {
            'the largest probability': largest,
            'the margin of the largest probability': margin,
            'the entropy': entropy,
          };
    expect(summaries.map(({ name }) => name)).toEqual(Object.keys(wanted));
    Object.values(wanted).forEach((values, i) => {
      values.forEach((value, row) => {
        expect(summaries[i].values[row]).toBeCloseTo(value, 14);
      });
    });
  });
});

const entropyOf: Score = ({ posterior }) => posterior.reduce((sum, p) => sum - p * Math.log(p), 0);
const marginOf: Score = ({ posterior }) => {
  const [first, second] = posterior.toSorted((a, b) => b - a);
  return first - second;
};

describe('scores that are a function of the prediction', () => {
  it.each<[string, Score, Setting, string]>([
    ['a confidence', ({ confidence }) => confidence, {}, 'rises with the largest probability'],
    ['a logarithm of it', ({ confidence }) => Math.log(confidence), {}, 'rises with the largest probability'],
    ['an uncertainty', ({ confidence }) => 1 - confidence, {}, 'falls with the largest probability'],
    ['what is saved as float32', ({ confidence }) => Math.fround(confidence ** 2), {}, 'rises'],
    ['a confidence in ten steps', ({ confidence }) => Math.round(10 * confidence), {}, 'rises'],
    ['a probability', ({ posterior }) => posterior[1], {}, 'rises with the probability of class 1'],
    ['a log-odds', ({ posterior: [a, b] }) => Math.log(a / b), {}, 'falls with the probability of class 1'],
    ['a margin', marginOf, { classes: 5 }, 'rises with the margin of the largest probability'],
    ['an entropy', entropyOf, { classes: 4 }, 'rises with the entropy'],
    ['a number for each class', ({ predicted }) => [0.3, 0.9, 0.5][predicted], { classes: 3 }, 'same class'],
  ])('are found: %s', (_, score, setting, words) => {
    const findings = predictionInScore(simulatedSet(1, score, setting));
    expect(findings.map(({ check, modality }) => [check, modality])).toEqual([
      ['prediction', 'm0'],
      ['prediction', 'm1'],
    ]);
    for (const { sentence } of findings) {
      expect(sentence).toContain('its expert');
      expect(sentence).toContain(words);
      expect(sentence).toContain('sharp null');
    }
  });

  it('are found in what the model says without scores, where no expert is known', () => {
    const set = simulatedSet(2, ({ random }) => random(), { modalities: 1 });
    const values = set.withoutScores.posteriors!.filter((_, i) => i % 2 === 1);
    const leaking: CheckedSet = { ...set, experts: undefined, reliability: [{ width: 1, values }] };
    const [finding, ...others] = predictionInScore(leaking);
    expect(others).toEqual([]);
    expect(finding.sentence).toBe(
      'The score of m0 is a function of the prediction of the model without scores: it rises with the probability of class 1 on every pair of examples (Spearman 1.0000). It knows nothing that this prediction does not say, so a gap shows that the model reads the score (the test speaks of the sharp null alone), not that the score knows how far an example can be trusted.',
    );
    expect(finding.numbers).toEqual({ spearman: expect.closeTo(1, 13) as number });
  });

  it('are found in one entry of a vector', () => {
    const set = simulatedSet(3, ({ random }) => random(), { modalities: 1 });
    const confidence = simulatedSet(3, ({ confidence }) => confidence, { modalities: 1 });
    const experts = confidence.experts;
    const [known] = confidence.reliability;
    const values = Float64Array.from(
      [...known.values].flatMap((value, i) => [set.reliability[0].values[i], value]),
    );
    const findings = predictionInScore({ ...confidence, experts, reliability: [{ width: 2, values }] });
    expect(findings.map(({ sentence }) => sentence.slice(0, 44))).toEqual([
      'The score of m0 (entry 1, counting from 0) i',
    ]);
  });

  it('counts the classes and scores of one number for each class', () => {
    const [{ sentence, numbers }] = predictionInScore(
      simulatedSet(4, ({ predicted }) => Math.min(1, predicted), { classes: 3, modalities: 1 }),
    );
    expect(numbers).toEqual({ distinctScores: 2, predictedClasses: 3 });
    expect(sentence).toContain('(2 different scores, 3 predicted classes)');
  });

  it.each<[string, Score, Setting]>([
    ['noise', ({ random }) => random(), {}],
    ['a coin', ({ random }) => Number(random() < 0.5), {}],
    ['one example in fifty', ({ random }) => Number(random() < 0.02), { rows: 100 }],
    ['a confidence with a little noise', ({ confidence, random }) => confidence + 0.02 * normal(random), {}],
    [
      'a confidence with noise, in three steps',
      ({ confidence, random }) => Math.round(3 * (confidence + 0.1 * random())),
      {},
    ],
    ['who is right', ({ isRight }) => Number(isRight), {}],
    ['who is right, and noise', ({ isRight, random }) => Number(isRight) + random(), { classes: 4 }],
    ['a constant', () => 0.5, {}],
    ['a confidence on few examples', ({ confidence }) => confidence, { rows: 29 }],
  ])('are not found in %s', (_, score, setting) => {
    for (let seed = 0; seed < 40; seed++) {
      expect(predictionInScore(simulatedSet(seed, score, setting))).toEqual([]);
    }
  });

  it('are not found where a constant score meets a constant prediction', () => {
    const set = simulatedSet(5, ({ random }) => Number(random() < 0.02), { rows: 60, modalities: 1 });
    const values = Float64Array.from({ length: 60 }, (_, i) => Number(i === 7));
    const classes = Int32Array.from(values);
    // A single example of its own, in score and prediction, is a chance of one in sixty.
    const lone = { ...set, experts: [{ classes }], reliability: [{ width: 1, values }] };
    expect(predictionInScore(lone)).toEqual([]);
  });
});
