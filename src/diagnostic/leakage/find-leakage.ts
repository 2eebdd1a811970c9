import type { CheckedSet } from './checked-scores.ts';
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

/** Whatever the checks find, none of which changes a number or a verdict. */
export function findLeakage(set: CheckedSet): LeakageFinding[] {
  return Object.values(CHECKS).flatMap((check) => check(set));
}
