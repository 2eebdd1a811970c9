import { ConfigurationError } from '../foundation/errors.ts';
import { parseNumber } from './csv-cells.ts';
import type { EvaluatedRows } from './evaluated-rows.ts';
import { type Column, type NumberColumn, rowWidth } from './evaluation-set.ts';
import { quoted, type RowNamer } from './wording.ts';

/**
 * A column of finite numbers, of the evaluated rows.
 *
 * @param role how errors call it: `reliability`, `expert`, ...
 * @throws ConfigurationError naming the row of the first value that is text, NaN or infinite
 */
export async function readNumbers(data: EvaluatedRows, name: string, role: string): Promise<NumberColumn> {
  const source = `The ${role} column "${name}" of "${data.set.path}"`;
  const column = mustBeNumbers(await data.read(name), source, data.nameRow);
  const wrong = column.values.findIndex((value) => !Number.isFinite(value));
  if (wrong === -1) return column;
  throw new ConfigurationError(
    `${source} is ${column.values[wrong]} in ${data.nameRow(rowOf(column, wrong))}, which is evaluated; mend the value, or mark the row absent in the modality's presence column.`,
  );
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
