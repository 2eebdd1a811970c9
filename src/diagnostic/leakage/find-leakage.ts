import { isPartial } from '../presence.ts';
import { examplesWith, type CheckedSet } from './checked-scores.ts';
import { duplicatesAcrossBlocks } from './duplicates.ts';
import type { LeakageCheck, LeakageFinding } from './finding.ts';
import { labelInScore } from './label-in-score.ts';
import { predictionInScore } from './prediction-in-score.ts';
import { scaledOnTest } from './scaled-on-test.ts';

/** In the order in which findings are told. `shared-ids` needs no model, and is asked before there is one. */
const CHECKS: Readonly<
  Record<Exclude<LeakageCheck, 'shared-ids'>, (set: CheckedSet) => readonly LeakageFinding[]>
> = {
  label: labelInScore,
  prediction: predictionInScore,
  duplicates: duplicatesAcrossBlocks,
  'test-scaled': scaledOnTest,
};

/**
 * Whatever the checks find, none of which changes a number or a verdict. Each score is asked on the examples on which its
 * modality is present. Of a score that is a vector, a check tells of the
 * first entry alone: a hundred entries would be a hundred sentences.
 */
export function findLeakage(set: CheckedSet): LeakageFinding[] {
  return Object.entries(CHECKS).flatMap(([name, check]) =>
    name === 'duplicates' || !isPartial(set.reliability)
      ? firstOfEach(check(set))
      : set.modalities.flatMap((modality, m) =>
          firstOfEach(check(examplesWith(set, m)).filter((found) => found.modality === modality)),
        ),
  );
}

/** @param findings of one check, those of one modality in a row */
function firstOfEach(findings: readonly LeakageFinding[]): LeakageFinding[] {
  return findings.filter(({ modality }, i) => modality === null || modality !== findings[i - 1]?.modality);
}
