import { fileURLToPath } from 'node:url';

import { evaluateRows, type EvaluatedRows } from '../../src/evaluation-set/evaluated-rows.ts';
import type { Column, EvaluationSet } from '../../src/evaluation-set/evaluation-set.ts';
import { openNpz } from '../../src/evaluation-set/npz.ts';
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

/** Labels, unimodal probabilities and clean scores of one fold, on its FULL-only test rows. */
export async function readFold({ seed, fold }: { seed: number; fold: number }): Promise<EvaluatedRows> {
  const files = [`unimodal_preds/lr/seed_${seed}/fold_${fold}.npz`, `quality/seed_${seed}/fold_${fold}.npz`];
  const sources = await Promise.all(files.map((file) => openNpz(file, workspace, 'contract')));
  const columns = new Map<string, () => Promise<Column>>();
  for (const source of sources) {
    for (const { name } of source.arrays) if (!columns.has(name)) columns.set(name, () => source.read(name));
  }
  const set: EvaluationSet = {
    path: files[0],
    sha256: '',
    columns: sources.flatMap(({ arrays }) => arrays),
    read: (name) => columns.get(name)!(),
  };
  const mask = await set.read('full_only_test_mask');
  const rows = Array.from(mask.values as ArrayLike<number>, (value, row) => (value === 1 ? row : -1));
  return evaluateRows(set, Uint32Array.from(rows.filter((row) => row >= 0)));
}
