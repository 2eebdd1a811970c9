import { ConfigurationError } from '../foundation/errors.ts';
import { parseNumber } from './csv-cells.ts';
import type { EvaluatedRows } from './evaluated-rows.ts';
import { type Column, type NumberColumn, rowWidth } from './evaluation-set.ts';
import { quoted, type RowNamer } from './wording.ts';

/** Whether a number may be missing (NaN): by the row, and its place in the row's numbers. */
export type MayLack = (row: number, at: number) => boolean;

/**
 * A column of finite numbers, of the evaluated rows.
 *
 * @param role how errors call it: `reliability`, `expert`, ...
 * @param mayLack where it may hold NaN all the same. Default: nowhere
 * @throws ConfigurationError naming the row of the first value that is text, NaN or infinite
 */
export async function readNumbers(
  data: EvaluatedRows,
  name: string,
  role: string,
  mayLack: MayLack = () => false,
): Promise<NumberColumn> {
  const source = `The ${role} column "${name}" of "${data.set.path}"`;
  const column = mustBeNumbers(await data.read(name), source, data.nameRow);
  const width = rowWidth(column);
  const wrong = column.values.findIndex(
    (value, i) =>
      !Number.isFinite(value) && !(Number.isNaN(value) && mayLack(Math.floor(i / width), i % width)),
  );
  if (wrong === -1) return column;
  throw new ConfigurationError(
    `${source} is ${column.values[wrong]} in ${data.nameRow(rowOf(column, wrong))}, which is evaluated; ${howToMend(data, role)}.`,
  );
}

function howToMend({ presence }: EvaluatedRows, role: string): string {
  return presence && role === 'input'
    ? 'as rows on which a modality is absent are evaluated too, give it there what the model was trained with'
    : "mend the value, or mark the row absent in the modality's presence column";
}

/** Missing numbers are allowed where the modality is absent; undefined where it is on no row. */
export function lackingWhereAbsent(present: Uint8Array | undefined): MayLack | undefined {
  return present && ((row) => present[row] === 0);
}

/**
 * The column itself, if it is one of numbers; missing ones are NaN.
 *
 * @param source how errors call it: `The reliability column "Q" of "eval.csv"`
 * @throws ConfigurationError when it is text, naming the first value that is no number
 */
export function mustBeNumbers(column: Column, source: string, nameRow: RowNamer): NumberColumn {
  if (column.kind === 'numbers') return column;
  const found = column.values.findIndex((value) => parseNumber(value) === undefined);
  const example = found === -1 ? '' : `, ${quoted(column.values[found])} in ${nameRow(rowOf(column, found))}`;
  throw new ConfigurationError(`${source} holds text${example}; numbers are needed.`);
}

function rowOf(column: Column, position: number): number {
  return Math.floor(position / rowWidth(column));
}
