import { shuffledScores } from './broken-scores.ts';
import type { ControlResult, DosePoint } from './diagnosis.ts';
import { gapOf, measure, permutationTest, type Examined } from './permutation-test.ts';
import { mixedScores, truthfulScores, type Truths } from './truthful-scores.ts';

/** What all positive controls share. */
export interface ControlPlan {
  readonly scheme: 'independent' | 'joint';
  readonly seed: number;
  /** Shuffles per control. */
  readonly count: number;
  readonly alpha: number;
  /** Gap at which a control passes. */
  readonly controlThreshold: number;
  /** Gap that the gate asks for: where the dose-response is read off. */
  readonly threshold: number;
}

/** One question put to a frozen rule: do you profit from these truths? */
export interface Control {
  readonly examined: Examined;
  readonly truths: Truths;
  /** Metric numerator of the best predictions that any rule could give here. */
  readonly best: bigint;
  /** Name of its random stream. */
  readonly stream: string;
  /** How many such questions are asked for one conclusion (Bonferroni). */
  readonly tries: number;
}

export interface ControlOutcome extends Omit<ControlResult, 'doseResponse' | 'requiredAuroc'> {
  readonly truthful: bigint;
  /** Metric numerators of the shuffled truths [count]. */
  readonly broken: readonly bigint[];
}

/** Compares truthful scores with their own shuffles. */
export async function runControl(control: Control, plan: ControlPlan): Promise<ControlOutcome> {
  const { examined, truths, best, stream, tries } = control;
  const scores = truthfulScores(truths);
  const truthful = await measure(examined, scores);
  const broken = shuffledScores(scores, truths.modalities, { ...plan, stream });
  const { gap, p: pValue, numerators } = await permutationTest(examined, truthful, broken);
  const p = Math.min(1, tries * pValue.oneSided);
  return {
    gap,
    p,
    passed: gap >= plan.controlThreshold && p <= plan.alpha,
    headroom: gapOf(best, numerators, examined.metric.denominator),
    truthful: truthful.numerator,
    broken: numerators,
  };
}

/** Shares of rows with a truthful score, between none and all. */
const DOSES = [0.25, 0.5, 0.75];
/** A dose of 0 is one more shuffle: no simulation comes closer to its expectation than this. */
const NO_DOSE: DosePoint = { dose: 0, auroc: 0.5, gap: 0 };
/** Random mixtures averaged per dose. */
const DOSE_REPEATS = 20;
/** Replays of one dose-response curve. */
export const DOSE_REPLAYS = DOSES.length * DOSE_REPEATS;

/** How the gap grows with the truthfulness of the score, from a shuffled one (0) to the control itself (1). */
export async function doseResponse(
  { examined, truths, stream }: Control,
  { truthful, broken, gap, p, passed, headroom }: ControlOutcome,
  plan: ControlPlan,
): Promise<ControlResult> {
  const { denominator } = examined.metric;
  const points: DosePoint[] = [NO_DOSE];
  for (const dose of DOSES) {
    const sum = { auroc: 0, gap: 0 };
    for (let repeat = 0; repeat < DOSE_REPEATS; repeat++) {
      const { scores, auroc } = mixedScores(truths, dose, repeat, { ...plan, stream });
      const { numerator } = await measure(examined, scores);
      sum.auroc += auroc;
      sum.gap += gapOf(numerator, broken, denominator);
      examined.progress.advance();
    }
    points.push({ dose, auroc: sum.auroc / DOSE_REPEATS, gap: sum.gap / DOSE_REPEATS });
  }
  points.push({ dose: 1, auroc: 1, gap: gapOf(truthful, broken, denominator) });
  return {
    gap,
    p,
    passed,
    headroom,
    doseResponse: points,
    requiredAuroc: requiredAuroc(points, plan.threshold),
  };
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
