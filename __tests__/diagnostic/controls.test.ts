import { describe, expect, it } from 'vitest';

import { doseInterval, requiredAuroc, requiredAurocInterval } from '../../src/diagnostic/dose-interval.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { diagnose } from './diagnose.ts';
import type { DosePoint } from '../../src/diagnostic/diagnosis.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import {
  ignoreScores,
  pickLarger,
  stubFusion,
  stubPlan,
  type Predictions,
  type StubRule,
} from './stub-fusion.ts';

const ROWS = 400;
const PERMUTATIONS = { count: 1, secondaryCount: 199, scheme: 'independent', seed: 11 } as const;
const range = (value: (i: number) => number) => Array.from({ length: ROWS }, (_, i) => value(i));
const LABELS = range((i) => i % 2);
/** Each row has one expert that is right: the first one on the first half of the rows. */
const RIGHT_IN_TURN: Predictions = [
  range((i) => (i < ROWS / 2 ? LABELS[i] : 1 - LABELS[i])),
  range((i) => (i < ROWS / 2 ? 1 - LABELS[i] : LABELS[i])),
];
const SCORES = [range((i) => ((i * 7) % ROWS) / ROWS), range((i) => ((i * 11) % ROWS) / ROWS)];

async function controls(
  rule: StubRule,
  predicted: Predictions,
  {
    sharedEvidence = false,
    ...permutations
  }: { sharedEvidence?: boolean } & Partial<ReturnType<typeof stubPlan>['permutations']> = {},
) {
  const fusion = stubFusion({ rule, predicted, scores: SCORES, sharedEvidence });
  const plan = stubPlan(2, { threshold: 0.1, permutations: { ...PERMUTATIONS, ...permutations } });
  return (await diagnose(fusion, Int32Array.from(LABELS), plan, silentLogger)).controls;
}

const correctness = async (...of: Parameters<typeof controls>) => (await controls(...of)).correctness;
const corruption = async (...of: Parameters<typeof controls>) => (await controls(...of)).corruption;

describe('the correctness control', () => {
  it.each(['independent', 'joint'] as const)(
    'is half the rows for a rule that picks the larger score (%s)',
    async (scheme) => {
      const control = (await correctness(pickLarger, RIGHT_IN_TURN, { scheme }))!;
      // The truth makes every row right; a shuffled one half of them, whichever expert wins ties.
      expect(control.gap).toBeCloseTo(0.5, 2);
      expect(control.headroom).toBe(control.gap);
      expect(control.p).toBe(1 / 200);
      expect(control.passed).toBe(true);
    },
  );

  it('grows in a straight line with the dose for that rule', async () => {
    const control = (await correctness(pickLarger, RIGHT_IN_TURN))!;
    expect(control.doseResponse.map(({ dose }) => dose)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(control.doseResponse[0]).toEqual({ dose: 0, auroc: 0.5, gap: 0, lower: 0, upper: 0 });
    for (const { dose, auroc, gap } of control.doseResponse) {
      // Standard error of a mean over 20 mixtures of 400 rows: 0.006 at most.
      expect(Math.abs(auroc - (0.5 + dose / 2))).toBeLessThan(0.025);
      // Both truths are told on dose^2 of the rows, one on 2 dose (1 - dose), worth 1 and 3/4: in all 1/2 + dose / 2.
      expect(Math.abs(gap - dose / 2)).toBeLessThan(0.025);
    }
    expect(control.requiredAuroc).toBeCloseTo(0.6, 1);
    const { lower, upper } = control.requiredAurocInterval!;
    expect(lower).toBeLessThan(control.requiredAuroc!);
    expect(upper).toBeGreaterThan(control.requiredAuroc!);
    expect(upper! - lower).toBeLessThan(0.05);
  });

  it('is nothing for a rule that ignores scores, although there was half of the rows to win', async () => {
    const control = (await correctness(ignoreScores, RIGHT_IN_TURN))!;
    expect(control).toMatchObject({ gap: 0, p: 1, passed: false, headroom: 0.5, requiredAuroc: null });
    expect(control.doseResponse.every(({ gap }) => gap === 0)).toBe(true);
  });

  it('has no headroom where the experts are right on the same rows', async () => {
    const same = range((i) => (i % 3 === 0 ? 1 - LABELS[i] : LABELS[i]));
    expect(await correctness(pickLarger, [same, same])).toMatchObject({
      gap: 0,
      p: 1,
      passed: false,
      headroom: 0,
    });
  });

  it('is null where no expert is ever wrong, or none ever right', async () => {
    const wrong = LABELS.map((label) => 1 - label);
    expect(await correctness(pickLarger, [LABELS, LABELS])).toBeNull();
    expect(await correctness(pickLarger, [LABELS, wrong])).toBeNull();
  });

  it('does not pass on a p-value above alpha', async () => {
    const control = (await correctness(pickLarger, RIGHT_IN_TURN, { secondaryCount: 9 }))!;
    expect(control).toMatchObject({ p: 1 / 10, passed: false });
  });
});

describe('the corruption control', () => {
  const perfect: Predictions = [LABELS, LABELS];

  it('is of the modality whose corruption a rule that picks the larger score can see', async () => {
    // Ties go to the first expert, so that the second, corrupted, is never asked: it is the first that shows.
    const control = (await corruption(pickLarger, perfect))!;
    expect(control.modality).toBe('modality0');
    // The truth keeps all rows right. A shuffled one asks the first expert on half of the rows, and he is wrong on about
    // a quarter of them: corrupted, and another label.
    expect(Math.abs(control.gap - 0.125)).toBeLessThan(0.03);
    expect(control.headroom).toBe(control.gap);
    expect(control.doseResponse.at(-1)).toMatchObject({ dose: 1, auroc: 1, gap: control.gap });
    expect(control.passed).toBe(true);
  });

  it('multiplies p by the number of modalities', async () => {
    expect((await corruption(pickLarger, perfect))!.p).toBe(2 / 200);
  });

  it('is nothing for a rule that ignores scores, and knows what was to be had', async () => {
    const control = (await corruption(ignoreScores, perfect))!;
    expect(control).toMatchObject({
      modality: 'modality0',
      gap: 0,
      p: 1,
      passed: false,
      requiredAuroc: null,
    });
    expect(Math.abs(control.headroom! - 0.25)).toBeLessThan(0.06);
  });

  it('exchanges evidence within groups, on half of the rows of each', async () => {
    const within = Int32Array.from({ length: ROWS }, (_, i) => Math.min(i, 5));
    const fusion = stubFusion({ rule: pickLarger, predicted: perfect, scores: SCORES });
    const sources: number[][] = [];
    const watched = {
      ...fusion,
      withEvidence: (m: number, source: Uint32Array) => {
        sources.push([...source]);
        return fusion.withEvidence(m, source);
      },
    };
    const plan = stubPlan(2, { permutations: PERMUTATIONS });
    await takeMeasurements(watched, { labels: Int32Array.from(LABELS), within }, plan, silentLogger);
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      expect(source.every((from, to) => within[from] === within[to])).toBe(true);
      // Five groups of one row, which has nobody to exchange evidence with.
      expect(source.filter((from, to) => from !== to)).toHaveLength(Math.floor((ROWS - 5) / 2));
    }
  });

  it('is null where no modality has evidence of its own', async () => {
    expect(await corruption(pickLarger, perfect, { sharedEvidence: true })).toBeNull();
  });
});

describe('the AUROC that a rule needs', () => {
  const points: DosePoint[] = [
    { dose: 0, auroc: 0.5, gap: 0, lower: 0, upper: 0 },
    { dose: 0.25, auroc: 0.62, gap: 0.02, lower: 0.015, upper: 0.025 },
    { dose: 0.5, auroc: 0.74, gap: 0.06, lower: 0.045, upper: 0.075 },
    { dose: 1, auroc: 1, gap: 0.1, lower: 0.075, upper: 0.125 },
  ];

  it('is read off by linear interpolation', () => {
    expect(requiredAuroc(points, 0.01)).toBeCloseTo(0.56, 12);
    expect(requiredAuroc(points, 0.03)).toBeCloseTo(0.65, 12);
    expect(requiredAuroc(points, 0.08)).toBeCloseTo(0.87, 12);
  });

  it('is that of a point which reaches the threshold exactly', () => {
    expect(requiredAuroc(points, 0.06)).toBe(0.74);
    expect(requiredAuroc(points, 0.1)).toBe(1);
  });

  it('is null where no dose reaches the threshold', () => {
    expect(requiredAuroc(points, 0.11)).toBeNull();
  });

  it('lies where the threshold lies inside the interval of the gap', () => {
    const { lower, upper } = requiredAurocInterval(points, 0.03)!;
    expect(lower).toBeCloseTo(0.632, 12);
    expect(upper).toBeCloseTo(0.68, 12);
  });

  it('has no upper end where the gap may never reach the threshold, and no interval where it does not', () => {
    const { lower, upper } = requiredAurocInterval(points, 0.11)!;
    expect(lower).toBeCloseTo(0.922, 12);
    expect(upper).toBeNull();
    expect(requiredAurocInterval(points, 0.13)).toBeNull();
  });
});

describe('the interval of a dose', () => {
  const gaps = [0.04, 0.05, 0.03, 0.06, 0.045];

  it.each([
    [0, 0.031117774474011033, 0.058882225525988964],
    [0.002, 0.030048385530547984, 0.05995161446945201],
  ])("is SciPy's t interval of the mean, with an error of the shuffles of %d", (error, low, high) => {
    const { lower, upper } = doseInterval(gaps, error, 0.95);
    expect(lower).toBeCloseTo(low, 14);
    expect(upper).toBeCloseTo(high, 14);
  });

  it('is the point where every mixture gives the same', () => {
    expect(doseInterval([0.5, 0.5, 0.5], 0, 0.95)).toEqual({ lower: 0.5, upper: 0.5 });
  });
});
