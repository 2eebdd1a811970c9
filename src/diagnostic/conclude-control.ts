import type { ControlResult, DosePoint } from './diagnosis.ts';
import {
  doseInterval,
  errorOfMean,
  requiredAuroc,
  requiredAurocInterval,
  studentInterval,
} from './dose-interval.ts';
import type { ControlDraws, ControlFacts, DoseDraws } from './measurements.ts';
import type { Outcomes } from './outcomes.ts';
import { DOSE_REPEATS, DOSES } from './positive-control.ts';
import { mean } from './spread.ts';
import type { Yardstick } from './yardstick.ts';

/** What a positive control is held against. */
export interface ControlRules {
  readonly alpha: number;
  /** Gap at which a control passes. */
  readonly controlThreshold: number;
  /** Gap that the gate asks for: where the dose-response is read off. */
  readonly threshold: number;
  /** How many such questions are asked for one conclusion (Bonferroni). */
  readonly tries: number;
  /** Of the intervals of the dose-response. */
  readonly confidence: number;
}

/** metric(truthful) - mean metric(shuffled truthful). */
export function controlGap(
  { truthful }: ControlFacts,
  broken: ControlDraws['broken'],
  yardstick: Yardstick,
): number {
  return yardstick.compare(truthful, broken).gap;
}

/**
 * Does the rule profit from truthful scores, and how truthful must they be?
 *
 * @param draws all of them, those of the doses too
 */
export function concludeControl(
  { best, truthful, chance = 1 / 2 }: ControlFacts,
  { broken, doses }: ControlDraws,
  yardstick: Yardstick,
  { alpha, controlThreshold, threshold, tries, confidence }: ControlRules,
): ControlResult {
  const { gap, p: pValue } = yardstick.compare(truthful, broken);
  const p = Math.min(1, tries * pValue.oneSided);
  const points = doseResponse({ gap, chance, broken, doses: doses! }, yardstick, confidence);
  return {
    gap,
    p,
    passed: gap >= controlThreshold && p <= alpha,
    headroom: best && yardstick.compare(best, broken).gap,
    doseResponse: points,
    requiredAuroc: requiredAuroc(points, threshold),
    requiredAurocInterval: requiredAurocInterval(points, threshold),
  };
}

/**
 * How the gap grows with the truthfulness of the score, from a shuffled one (0) to the control itself (1).
 *
 * A dose of 0 is one more shuffle: no simulation comes closer to its expectation than `chance` and a gap of 0.
 */
function doseResponse(
  {
    gap: whole,
    chance,
    broken,
    doses,
  }: {
    readonly gap: number;
    readonly chance: number;
    readonly broken: Outcomes;
    readonly doses: DoseDraws;
  },
  yardstick: Yardstick,
  confidence: number,
): DosePoint[] {
  const gaps = yardstick.gaps(doses, broken);
  const shuffled = yardstick.values(broken);
  const shuffleError = errorOfMean(shuffled);
  const points = DOSES.map((dose, d): DosePoint => {
    const ofDose = gaps.slice(d * DOSE_REPEATS, (d + 1) * DOSE_REPEATS);
    const aurocs = doses.auroc.subarray(d * DOSE_REPEATS, (d + 1) * DOSE_REPEATS);
    return {
      dose,
      auroc: mean([...aurocs]),
      gap: mean(ofDose),
      ...doseInterval(ofDose, shuffleError, confidence),
    };
  });
  const certainty = { confidence, degreesOfFreedom: shuffled.length - 1 };
  return [
    { dose: 0, auroc: chance, gap: 0, lower: 0, upper: 0 },
    ...points,
    { dose: 1, auroc: 1, gap: whole, ...studentInterval(whole, shuffleError, certainty) },
  ];
}
