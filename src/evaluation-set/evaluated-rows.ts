import type { Column, EvaluationSet } from './evaluation-set.ts';
import { takeRows } from './evaluation-set.ts';
import { rowName, type RowNamer } from './wording.ts';

/** The rows of an evaluation set that are judged: in the subset, every modality present. */
export interface EvaluatedRows {
  readonly set: EvaluationSet;
  /** Row numbers in the file, ascending, [N]. */
  readonly rows: Uint32Array;
  /** Of these rows [N], where the set has them: different in every row, or in every row of a fold. */
  readonly ids?: readonly string[];
  /** How errors name the i-th of these rows, i in [0, N): by its number in the file and its id. */
  readonly nameRow: RowNamer;
  /** A column, of these rows only. */
  read(name: string): Promise<Column>;
}

/** @param ids of these rows [N], where the set has them */
export function evaluateRows(set: EvaluationSet, rows: Uint32Array, ids?: readonly string[]): EvaluatedRows {
  return {
    set,
    rows,
    ...(ids && { ids }),
    nameRow: (i) => rowName(rows[i], ids?.[i]),
    read: async (name) => takeRows(await set.read(name), rows),
  };
}
