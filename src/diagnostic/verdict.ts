import type { Conclusion, Diagnosis, Verdict, VerdictName } from './diagnosis.ts';
import { explain } from './explain.ts';

export interface VerdictRules {
  /** Gap at which a positive control passes. */
  readonly controlThreshold: number;
  readonly failOnInconclusive: boolean;
}

/** How each verdict ends the gate. */
const CONCLUSIONS: Record<Exclude<VerdictName, 'inconclusive'>, Conclusion> = {
  'quality-aware': 'success',
  decorative: 'failure',
  misleading: 'failure',
  'inert-rule': 'failure',
  invalid: 'error',
};

/** The verdict on a diagnosis, with one sentence of reason and one of advice. */
export function judge(diagnosis: Diagnosis, rules: VerdictRules): Verdict {
  const verdict = verdictName(diagnosis, rules.controlThreshold);
  const conclusion =
    verdict === 'inconclusive'
      ? rules.failOnInconclusive
        ? 'failure'
        : 'inconclusive'
      : CONCLUSIONS[verdict];
  return { verdict, conclusion, ...explain(verdict, diagnosis, rules.controlThreshold) };
}

/**
 * First match wins; a control never turns a gap that is there into a failure, and a large p-value shows nothing: that a gap
 * is too small to matter has to be shown by two one-sided tests.
 */
export function verdictName(diagnosis: Diagnosis, controlThreshold: number): VerdictName {
  const { gap, threshold, p, joint, alpha, equivalence, invalid } = diagnosis;
  if (invalid !== null) return 'invalid';
  if (gap.value >= threshold) {
    const isInfluence = p.oneSided <= alpha && (joint === null || joint.p <= alpha);
    return isInfluence ? 'quality-aware' : 'inconclusive';
  }
  if (gap.value <= -threshold && p.otherSide <= alpha) return 'misleading';
  if (!equivalence.shown) return 'inconclusive';
  return WHY_NO_GAP[whatControlsSay(diagnosis, controlThreshold)];
}

type ControlsSay = 'passed' | 'failed' | 'silent';

const WHY_NO_GAP: Record<ControlsSay, VerdictName> = {
  passed: 'decorative',
  failed: 'inert-rule',
  silent: 'inconclusive',
};

/**
 * `passed`: the rule profits from truthful scores. `failed`: it does not, where it could have. `silent`: there was nothing
 * to profit from, or no control could be run, or a profit is there but too few examples to be sure of it.
 */
function whatControlsSay({ controls }: Diagnosis, controlThreshold: number): ControlsSay {
  const ran = [controls.correctness, controls.corruption].filter((control) => control !== null);
  if (ran.some((control) => control.passed)) return 'passed';
  if (ran.some((control) => control.gap >= controlThreshold)) return 'silent';
  // Where it is not known what could be gained, a control that gains nothing tells nothing.
  return ran.some(({ headroom }) => headroom !== null && headroom >= controlThreshold) ? 'failed' : 'silent';
}
