import type { GateReport } from './gate-report.ts';
import { percent } from './numbers.ts';
import type {
  ArmName,
  ArmReason,
  ArmResult,
  ChangeName,
  ConcludedCalibration,
  Remedy,
  ScoreEffect,
} from '../diagnostic/score-findings.ts';

/** What stands in the way, as the start of a sentence. */
export const OBSTACLE_WORDS: Readonly<Record<NonNullable<GateReport['obstacle']>['what'], string>> = {
  none: 'Nothing stands in the way',
  rule: 'The fusion rule stands in the way',
  score: 'The scores stand in the way',
  data: 'The evaluation set stands in the way',
  unclear: 'What stands in the way is unclear',
};

export const ARM_WORDS: Readonly<Record<ArmName, string>> = {
  constant: 'the mean of each modality',
  zero: 'zero',
  swapped: 'those of the next modality',
  oracle: 'truthful ones (oracle)',
};

export const CHANGE_WORDS: Readonly<Record<ChangeName, string>> = {
  drop: 'held at the mean',
  clip: 'clipped to 5-95 %',
  floor: 'trust floored at the median',
};

export const EFFECT_WORDS: Readonly<Record<ScoreEffect['finding'], string>> = {
  helps: 'helps',
  hurts: 'hurts',
  unclear: 'not shown either way',
};

/** Whose score is changed. */
export const ALL_SCORES = 'all scores';

/** Arms and changes that were measured. */
export function measured<T extends ArmResult | Remedy>(
  results: readonly T[] = [],
): (T & { readonly found: NonNullable<T['found']> })[] {
  return results.filter(
    (result): result is T & { readonly found: NonNullable<T['found']> } => result.found !== null,
  );
}

/** Arms that were not, and why: `zero (outputs that are no numbers)`. */
export function leftOutOf(arms: readonly ArmResult[] = []): string[] {
  return arms.flatMap(({ name, leftOut }: { name: ArmName; leftOut: ArmReason | null }) =>
    leftOut === null ? [] : [`${ARM_WORDS[name]} (${leftOut})`],
  );
}

/** How the gains are to be read. */
export function remedyNote({ remedies }: GateReport): string {
  if (remedies === undefined) return '';
  const { length } = measured(remedies.tried);
  return `Nothing is trained: the frozen rule gets changed scores. The best of ${length} is selected on the very examples that it is measured on, so expect less on others; the ${percent(remedies.confidence)} intervals allow for that number.`;
}

/** Scores that are calibrated somehow, by modality. */
export function calibrated({
  calibration,
}: GateReport): [modality: string, found: NonNullable<ConcludedCalibration['found']>][] {
  return Object.entries(calibration ?? {}).flatMap(
    ([modality, { found }]): [string, NonNullable<ConcludedCalibration['found']>][] =>
      found === null ? [] : [[modality, found]],
  );
}
