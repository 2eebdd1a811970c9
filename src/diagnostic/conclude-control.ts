import type { ControlResult, DosePoint } from './diagnosis.ts';
import type { ControlDraws, ControlFacts, DoseDraws } from './measurements.ts';
import type { Outcomes } from './outcomes.ts';
import { DOSE_REPEATS, DOSES } from './positive-control.ts';
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
  { alpha, controlThreshold, threshold, tries }: ControlRules,
): ControlResult {
  const { gap, p: pValue } = yardstick.compare(truthful, broken);
  const p = Math.min(1, tries * pValue.oneSided);
  const points = doseResponse({ gap, chance }, broken, doses!, yardstick);
  return {
    gap,
    p,
    passed: gap >= controlThreshold && p <= alpha,
    headroom: best && yardstick.compare(best, broken).gap,
    doseResponse: points,
    requiredAuroc: requiredAuroc(points, threshold),
  };
}

/**
 * How the gap grows with the truthfulness of the score, from a shuffled one (0) to the control itself (1).
 *
 * A dose of 0 is one more shuffle: no simulation comes closer to its expectation than `chance` and a gap of 0.
 */
function doseResponse(
  { gap: whole, chance }: { readonly gap: number; readonly chance: number },
  broken: Outcomes,
  doses: DoseDraws,
  yardstick: Yardstick,
): DosePoint[] {
  const gaps = yardstick.gaps(doses, broken);
  const points = DOSES.map((dose, d): DosePoint => {
    const sum = { auroc: 0, gap: 0 };
    for (let k = d * DOSE_REPEATS; k < (d + 1) * DOSE_REPEATS; k++) {
      sum.auroc += doses.auroc[k];
      sum.gap += gaps[k];
    }
    return { dose, auroc: sum.auroc / DOSE_REPEATS, gap: sum.gap / DOSE_REPEATS };
  });
  return [{ dose: 0, auroc: chance, gap: 0 }, ...points, { dose: 1, auroc: 1, gap: whole }];
}

/**
 * The AUROC at which the gap first reaches `threshold`, by linear interpolation between doses: how good a score this rule
 * would need. Null where it never does.
 */
export function requiredAuroc(points: readonly DosePoint[], threshold: number): number | null {
  const reached = points.findIndex((point) => point.gap >= threshold);
  if (reached === -1) return null;
  if (reached === 0) return points[0].auroc;
  const [before, after] = [points[reached - 1], points[reached]];
  const share = (threshold - before.gap) / (after.gap - before.gap);
  return before.auroc + share * (after.auroc - before.auroc);
}
