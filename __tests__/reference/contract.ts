import { fileURLToPath } from 'node:url';

import { openContract } from '../../src/evaluation-set/contract/open-contract.ts';
import type { EvaluatedRows } from '../../src/evaluation-set/evaluated-rows.ts';
import { selectRows } from '../../src/evaluation-set/select-rows.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

/**
 * The data in the paper authors' layout, with the numbers that their own code printed for it (reports/). The reports are
 * the oracle: they are matched, never re-recorded.
 */
export const workspace = openWorkspace(fileURLToPath(new URL('../fixtures/contract', import.meta.url)));

export const FOLDS = [11, 22].flatMap((seed) => [0, 1, 2].map((fold) => ({ seed, fold })));

/** Their names for the modalities, as they end their column names. */
export const MODALITIES = { audio: 'a', video: 'v', phys: 'p' } as const;

export function bankPath({ seed, fold }: { seed: number; fold: number }): string {
  return `brokenQ/seed_${seed}/union_quality_BROKENQ_avp_seed${seed}_fold${fold}.npz`;
}

export interface FoldWishes {
  readonly seed: number;
  readonly fold: number;
  readonly corruption?: number;
}

/** Labels, unimodal probabilities and clean scores of one fold, on its FULL-only test rows. */
export async function readFold(wishes: FoldWishes): Promise<EvaluatedRows> {
  const set = await openContract('.', { ...wishes, experts: 'lr' }, workspace);
  const presence = Object.values(MODALITIES).map((letter) => ({ presence: `M_${letter}` }));
  const columns = { label: 'y', id: 'ids', subset: 'test_mask' };
  return (await selectRows(set, columns, presence, ['Qa', 'Qv', 'Qp', 'p_a', 'p_v', 'p_p'])).data;
}
