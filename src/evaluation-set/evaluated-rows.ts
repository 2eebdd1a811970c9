import type { Column, EvaluationSet } from './evaluation-set.ts';
import { takeRows } from './evaluation-set.ts';
import { rowName, type RowNamer } from './wording.ts';

/**
 * On which of N rows each modality is present, in their order: 1 or 0 [N], undefined where it is on all of them.
 */
export type RowPresence = readonly (Uint8Array | undefined)[];

/** The rows of an evaluation set that are judged: in the subset, every modality present, or at least one. */
export interface EvaluatedRows {
  readonly set: EvaluationSet;
  /** Row numbers in the file, ascending, [N]. */
  readonly rows: Uint32Array;
  /** Of these rows [N], where the set has them: different in every row, or in every row of a fold. */
  readonly ids?: readonly string[];
  /** Undefined where only rows are judged on which every modality is present. */
  readonly presence?: RowPresence;
  /** How errors name the i-th of these rows, i in [0, N): by its number in the file and its id. */
  readonly nameRow: RowNamer;
  /** A column, of these rows only. */
  read(name: string): Promise<Column>;
}

/** @param ids of these rows [N], where the set has them */
export function evaluateRows(
  set: EvaluationSet,
  rows: Uint32Array,
  ids?: readonly string[],
  presence?: RowPresence,
): EvaluatedRows {
  return {
    set,
    rows,
    ...(ids && { ids }),
    ...(presence && { presence }),
    nameRow: (i) => rowName(rows[i], ids?.[i]),
    read: async (name) => takeRows(await set.read(name), rows),
  };
}
