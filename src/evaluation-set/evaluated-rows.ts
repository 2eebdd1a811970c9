import type { Column, EvaluationSet } from './evaluation-set.ts';
import { takeRows } from './evaluation-set.ts';

/** The rows of an evaluation set that are judged: in the subset, every modality present. */
export interface EvaluatedRows {
  readonly set: EvaluationSet;
  /** Row numbers in the file, ascending, [N]. */
  readonly rows: Uint32Array;
  /** A column, of these rows only. */
  read(name: string): Promise<Column>;
}

export function evaluateRows(set: EvaluationSet, rows: Uint32Array): EvaluatedRows {
  return { set, rows, read: async (name) => takeRows(await set.read(name), rows) };
}
