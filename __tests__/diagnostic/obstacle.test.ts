import { describe, expect, it } from 'vitest';

import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { explain } from '../../src/diagnostic/explain.ts';
import { obstacleOf } from '../../src/diagnostic/obstacle.ts';
import { judge } from '../../src/diagnostic/verdict.ts';
import { control, corruption, diagnosis, FAILED } from './sample-diagnosis.ts';

const RULES = { controlThreshold: 0.05, failOnInconclusive: true };

const found = (changes: Parameters<typeof diagnosis>[0]) => {
  const all = diagnosis(changes);
  const { verdict } = judge(all, RULES);
  return [verdict, obstacleOf(verdict, all, RULES.controlThreshold)?.what];
};

const FEW = { gap: [0.001, -0.02, 0.022] } as const;
const noControl = (correctness = control({ gap: 0.01, p: 0.4, passed: false, headroom: 0.02 })) => ({
  controls: { correctness, corruption: null },
});
const TINY: Partial<Diagnosis['power']> & object = { examplesNeeded: null };

describe('the obstacle', () => {
  it.each([
    ['a pass', { gap: [0.06, 0.05, 0.07], p: { oneSided: 0.001 } }, 'quality-aware', 'none'],
    ['a control that passed, and scores below what the rule needs', {}, 'decorative', 'score'],
    [
      'a control that failed, although there was headroom',
      { controls: { correctness: FAILED, corruption: null } },
      'inert-rule',
      'rule',
    ],
    ['scores that do harm', { gap: [-0.05, -0.07, -0.03], p: { otherSide: 0.001 } }, 'misleading', 'score'],
    ['too few examples', FEW, 'inconclusive', 'data'],
    [
      'a gap on the threshold',
      { ...FEW, power: { ...diagnosis().power, ...TINY } },
      'inconclusive',
      'unclear',
    ],
    [
      'a gap that chance makes too',
      { gap: [0.02, -0.01, 0.05], p: { oneSided: 0.2 } },
      'inconclusive',
      'data',
    ],
    [
      'scores that only agree with each other',
      { gap: [0.06, 0.05, 0.07], p: { oneSided: 0.001 }, joint: { gap: 0.001, p: 0.4 } },
      'inconclusive',
      'unclear',
    ],
    ['no headroom', noControl(), 'inconclusive', 'data'],
    [
      'a control that too few examples leave open',
      noControl(control({ gap: 0.06, p: 0.2, passed: false })),
      'inconclusive',
      'data',
    ],
    ['no control at all', { controls: { correctness: null, corruption: null } }, 'inconclusive', 'unclear'],
    ['nothing that can be judged', { invalid: 'why' }, 'invalid', undefined],
  ] as const)('of %s', (_, changes, verdict, what) => {
    expect(found(changes)).toEqual([verdict, what]);
  });

  it('names a score that hurts beside those that help', () => {
    const effect = {
      gap: { value: -0.05, lower: -0.08, upper: -0.02, method: 'bca' },
      p: 0.001,
      adjustedP: 0.002,
    } as const;
    const all = diagnosis({ scoreEffects: { audio: { ...effect, finding: 'hurts' } } } as never);
    expect(obstacleOf('quality-aware', all, 0.05)).toEqual({
      what: 'none',
      why: 'On the whole the scores are used to advantage; that of audio hurts.',
    });
    const { advice } = explain('quality-aware', all, 0.05);
    expect(advice).toMatch(/^It passes as it is: .*the score of audio hurts/);
  });

  it('says by how much the scores fall short', () => {
    const why = (all: Diagnosis) => obstacleOf('decorative', all, 0.05)!.why;
    expect(why(diagnosis())).toBe(
      'The rule profits from truthful scores once their AUROC is 0.74, and these are below it (audio 0.52, video 0.56).',
    );
    const good = { pearson: 0.5, spearman: 0.5, auroc: 0.9 };
    expect(why(diagnosis({ alignment: { audio: good, video: good } }))).not.toContain('AUROC');
    const unknown = diagnosis({ controls: { correctness: null, corruption: corruption() } });
    expect(why(unknown)).not.toContain('AUROC');
  });
});

describe('advice', () => {
  const remedies = (lower: number): Diagnosis['remedies'] => ({
    confidence: 1 - 0.05 / 6,
    tried: [
      {
        modality: 'audio',
        change: 'drop',
        found: { value: 0.82, gain: { value: 0.02, lower, upper: 0.03 }, isBetter: lower > 0 },
        leftOut: null,
      },
      { modality: 'video', change: 'drop', found: null, leftOut: 'no score would change' },
      {
        modality: 'video',
        change: 'clip',
        found: { value: 0.8, gain: { value: 0, lower: 0, upper: 0 }, isBetter: false },
        leftOut: null,
      },
    ],
  });
  const advice = (lower: number, changes = {}) =>
    judge(diagnosis({ remedies: remedies(lower), ...changes }), RULES).advice;

  it('quotes the change that is surely better here, and says that it is optimistic', () => {
    expect(advice(0.004)).toMatch(
      /^Improve the scores .* On these examples holding the score of audio at its mean raises accuracy by 0\.0200 \(99\.17 % interval of the gain 0\.0040 to 0\.0300, of 2 changes tried\): it was selected on this very set, so expect less on others\.$/,
    );
  });

  it('quotes one of all scores', () => {
    const { tried, confidence } = remedies(0.004)!;
    const all = { confidence, tried: [{ ...tried[0], modality: null }] };
    expect(judge(diagnosis({ remedies: all }), RULES).advice).toContain(
      'On these examples holding every score at its mean raises accuracy by 0.0200 (99.17 % interval of the gain 0.0040 to 0.0300): it was',
    );
  });

  it('quotes none that may be chance, or where nothing was judged', () => {
    expect(advice(0)).not.toContain('On these examples');
    expect(advice(0.004, { invalid: 'why' })).not.toContain('On these examples');
  });
});
