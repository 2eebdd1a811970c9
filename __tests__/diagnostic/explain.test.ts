import { describe, expect, it } from 'vitest';

import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { judge } from '../../src/diagnostic/verdict.ts';
import { control, corruption, diagnosis, FAILED } from './sample-diagnosis.ts';

const RULES = { controlThreshold: 0.05, failOnInconclusive: true };
const one = (correctness: Diagnosis['controls']['correctness']) => ({ correctness, corruption: null });
const other = (found: Diagnosis['controls']['corruption']) => ({ correctness: null, corruption: found });
const NO_ROOM = control({ gap: 0.01, p: 0.5, passed: false, headroom: 0.03, requiredAuroc: null });
const STRONG = { gap: [0.0612, 0.048, 0.0744], p: { oneSided: 0.001 } } as const;

/** Every sentence that a report can give as a reason or an advice. */
const CASES: readonly (readonly [what: string, diagnosis: Diagnosis])[] = [
  ['one modality', diagnosis({ ...STRONG, perModality: { audio: { gap: 0.0612, p: 0.001 } } })],
  [
    'all modalities matter',
    diagnosis({ ...STRONG, perModality: { audio: { gap: 0.01, p: 0.02 }, video: { gap: 0.05, p: 0.01 } } }),
  ],
  [
    'two modalities are idle',
    diagnosis({
      ...STRONG,
      perModality: { audio: { gap: 0.05, p: 0.001 }, video: { gap: 0, p: 1 }, text: { gap: 0.001, p: 0.3 } },
    }),
  ],
  [
    'the largest gap is not the sure one',
    diagnosis({ ...STRONG, perModality: { audio: { gap: 0.05, p: 0.06 }, video: { gap: 0.04, p: 0.01 } } }),
  ],
  [
    'only together',
    diagnosis({ ...STRONG, perModality: { audio: { gap: 0.001, p: 0.3 }, video: { gap: 0, p: 1 } } }),
  ],
  ['only with rows broken apart', diagnosis({ ...STRONG, joint: { gap: 0.0012, p: 0.31 } })],
  ['balanced accuracy', diagnosis({ ...STRONG, metric: 'balanced-accuracy' })],
  ['a metric that is better when low', diagnosis({ ...STRONG, metric: 'log-loss' })],
  [
    'misleading, by a metric that is better when low',
    diagnosis({ gap: [-0.05, -0.07, -0.03], metric: 'brier', p: { otherSide: 0.001 } }),
  ],
  [
    'a metric that knows no headroom',
    diagnosis({ metric: 'auroc', controls: one({ ...FAILED, headroom: null }) }),
  ],
  [
    'inert, as the corruption control knows',
    diagnosis({
      metric: 'auroc',
      controls: {
        correctness: { ...FAILED, headroom: null },
        corruption: corruption({ gap: 0.003, p: 0.4, passed: false }),
      },
    }),
  ],
  ['decorative', diagnosis()],
  ['decorative, not a prediction changes', diagnosis({ gap: [0, 0, 0] })],
  [
    'decorative, by the corruption control alone, no experts',
    diagnosis({ alignment: null, experts: null, controls: other(corruption()) }),
  ],
  [
    'decorative, although scores know when their expert is right',
    diagnosis({ alignment: { audio: { pearson: 0.5, spearman: 0.5, auroc: 0.8 } } }),
  ],
  [
    'decorative, one score has an AUROC',
    diagnosis({
      alignment: {
        audio: { pearson: null, spearman: null, auroc: null },
        video: { pearson: 0, spearman: 0, auroc: 0.5 },
      },
    }),
  ],
  ['misleading', diagnosis({ gap: [-0.02, -0.04, -0.01], p: { otherSide: 0.01 } })],
  [
    'misleading, a score upside down',
    diagnosis({
      gap: [-0.02, -0.04, -0.01],
      p: { otherSide: 0.01 },
      alignment: { audio: { pearson: -0.4, spearman: -0.4, auroc: 0.23 } },
    }),
  ],
  ['inert rule', diagnosis({ gap: [0, 0, 0], controls: one(FAILED) })],
  [
    'inert rule, by the control that had more room',
    diagnosis({
      controls: {
        correctness: FAILED,
        corruption: corruption({ gap: 0.03, p: 0.2, passed: false, headroom: 0.04 }),
      },
    }),
  ],
  ['by chance', diagnosis({ gap: [0.02, -0.01, 0.05], p: { oneSided: 0.08 } })],
  ['straddling', diagnosis({ gap: [0.004, -0.01, 0.018] })],
  ['straddling by a lot', diagnosis({ gap: [0.004, -0.06, 0.068] })],
  ['touching', diagnosis({ gap: [0.004, -0.002, 0.01] })],
  [
    'hopelessly close',
    diagnosis({ gap: [0.00999999, -0.01, 0.03], power: { ...diagnosis().power, examplesNeeded: null } }),
  ],
  ['harm not excluded', diagnosis({ gap: [-0.006, -0.014, 0.002] })],
  ['harm, by chance', diagnosis({ gap: [-0.02, -0.05, 0.005], p: { otherSide: 0.06 } })],
  [
    'too few to have seen all',
    diagnosis({
      gap: [0, 0, 0],
      equivalence: { ...diagnosis().equivalence, lower: 0, upper: 0, unseen: 0.0487, shown: false },
      power: { ...diagnosis().power, examples: 60, examplesNeeded: 299 },
    }),
  ],
  ['no room', diagnosis({ controls: one(NO_ROOM) })],
  ['no room, worse than nothing', diagnosis({ controls: one({ ...NO_ROOM, headroom: -0.02 }) })],
  [
    'no room, corruption alone',
    diagnosis({ experts: null, alignment: null, controls: other({ ...NO_ROOM, modality: 'video' }) }),
  ],
  ['no control, with experts', diagnosis({ controls: one(null) })],
  ['no control, without experts', diagnosis({ experts: null, alignment: null, controls: one(null) })],
  [
    'controls unsure',
    diagnosis({ controls: one(control({ gap: 0.25, p: 0.24, passed: false, headroom: 0.5 })) }),
  ],
  [
    'constant scores',
    diagnosis({
      constantScores: ['audio', 'video'],
      invalid: 'every reliability score is the same on all evaluated rows, so that shuffling changes nothing',
    }),
  ],
  [
    'replay violated, one score constant',
    diagnosis({
      constantScores: ['audio'],
      invalid:
        "the replay of Clean-Q differs from the model's own output by up to 0.250 (at most 0 is allowed)",
    }),
  ],
];

describe('reasons and advice', () => {
  it('read as in the golden file', async () => {
    const lines = CASES.flatMap(([what, found]) => {
      const { verdict, reason, advice } = judge(found, RULES);
      return [`## ${verdict}: ${what}`, '', reason, '', advice, ''];
    });
    await expect(lines.join('\n')).toMatchFileSnapshot('__golden__/explanations.md');
  });

  it('say 99.9 %, not 100 %', () => {
    const found = diagnosis();
    const { reason } = judge({ ...found, equivalence: { ...found.equivalence, confidence: 0.999 } }, RULES);
    expect(reason).toContain('99.9 % interval');
    expect(judge(found, RULES).reason).toContain('90 % interval');
  });

  it('never write a zero with a sign', () => {
    const { reason } = judge(diagnosis({ gap: [-0.00001, -0.00004, -0.00000001] }), RULES);
    expect(reason).toContain('0.0000 to 0.0000');
    expect(reason).not.toMatch(/[-−]0\.0000/);
  });

  it('are sentences of numbers, whatever the numbers are', () => {
    const random = randomFor('explanations');
    const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
    const around = (size: number) => pick(0, size, -size, size * (random() - 0.5), 1e-9, -1e-9);
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const value = around(0.05);
      const anyControl = () =>
        pick(
          null,
          control({
            gap: around(0.2),
            p: random(),
            passed: random() < 0.3,
            headroom: around(0.5),
            requiredAuroc: pick(null, random()),
          }),
        );
      const correctness = anyControl();
      const spoilt = anyControl();
      const found = diagnosis({
        gap: [value, value - random() * 0.05, value + pick(0, random() * 0.05)],
        p: { oneSided: random() ** 3, otherSide: random() ** 3 },
        alignment: pick<Diagnosis['alignment']>(
          null,
          {},
          { audio: { pearson: null, spearman: null, auroc: pick(null, random()) } },
        ),
        experts: pick(null, {}),
        perModality: { audio: { gap: around(0.1), p: random() }, video: { gap: around(0.1), p: random() } },
        controls: { correctness, corruption: spoilt && { ...spoilt, modality: 'video' } },
        invalid: pick(null, null, null, null, 'the replay differs'),
      });
      const { verdict, reason, advice } = judge(found, RULES);
      seen.add(verdict);
      for (const text of [reason, advice]) {
        expect(text).toMatch(/^[A-Z].*\.$/);
        expect(text).not.toMatch(/NaN|undefined|null|Infinity|[-−]0\.0+\b(?!\d)|\de[+-]\d|\.\.| {2}/);
      }
    }
    expect(seen.size).toBe(6);
  });
});
