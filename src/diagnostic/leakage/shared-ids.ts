import { enumerate } from '../../foundation/errors.ts';
import type { LeakageFinding } from './finding.ts';

/** Ids that a sentence shows. */
const SHOWN = 3;

/**
 * Evaluated examples that the model was trained on: there it may know each example by heart, scores and all, and nothing
 * that is measured holds for others. Exact: one is enough.
 *
 * @param ids of the evaluated examples [N], each different
 * @param training ids that were trained on
 * @param source how the sentence calls the training ids: `"train.txt"`
 */
export function sharedIds(
  ids: readonly string[],
  training: ReadonlySet<string>,
  source: string,
): LeakageFinding | null {
  const shared = ids.filter((id) => training.has(id));
  if (shared.length === 0) return null;
  const shown = enumerate(
    shared.map((id) => JSON.stringify(id)),
    SHOWN,
  );
  return {
    check: 'shared-ids',
    modality: null,
    severity: 'warning',
    numbers: { shared: shared.length, evaluated: ids.length },
    sentence: `${shared.length} of ${ids.length} evaluated examples ${shared.length === 1 ? 'is' : 'are'} among the training ids of ${source} (id ${shown}); what a model does on examples that it was trained on proves nothing.`,
  };
}
