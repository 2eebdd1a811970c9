import { ConfigurationError } from '../foundation/errors.ts';
import type { EvaluatedRows } from './evaluated-rows.ts';
import { type Column, rowWidth } from './evaluation-set.ts';
import { describeColumn, quoted } from './wording.ts';

/** Rows that have one value in a column, for each of its values. */
export interface RowSlices {
  readonly column: string;
  /** Number of the slice of each row [N], from 0. */
  readonly of: Int32Array;
  /** Its values, by number [S]: numbers by their size, texts by their characters. */
  readonly names: readonly string[];
}

/**
 * The slices that columns make of the evaluated rows; undefined where no column is named.
 *
 * @param most slices that one column may make
 * @throws ConfigurationError where a column has no value in a row, or is no column of a few texts or whole numbers
 */
export async function readSlices(
  data: EvaluatedRows,
  columns: readonly string[] | undefined,
  most: number,
): Promise<RowSlices[] | undefined> {
  if (columns === undefined) return undefined;
  const slices: RowSlices[] = [];
  for (const name of columns) slices.push(slicesBy(await data.read(name), data, most));
  return slices;
}

function slicesBy(column: Column, data: EvaluatedRows, most: number): RowSlices {
  const values = valuesOf(column, data);
  const names = [...new Set(values)];
  if (column.kind === 'numbers') names.sort((a, b) => Number(a) - Number(b));
  else names.sort();
  if (names.length > most) {
    throw new ConfigurationError(
      `The slice column "${column.name}" has ${names.length} different values in the evaluated rows; at most ${most} make slices. Name a column with fewer, such as a site or a language.`,
    );
  }
  const numbers = new Map(names.map((name, number) => [name, number]));
  return { column: column.name, of: Int32Array.from(values, (value) => numbers.get(value)!), names };
}

function valuesOf(column: Column, { nameRow }: EvaluatedRows): string[] {
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(`The slice column ${describeColumn(column)} needs one value a row.`);
  }
  return Array.from<string | number, string>(column.values, (value, i) => {
    const text = String(value).trim();
    if (text === '' || text === 'NaN') {
      throw new ConfigurationError(
        `The slice column "${column.name}" has no value in ${nameRow(i)}. Give every evaluated row one, or leave the row out with columns.subset.`,
      );
    }
    if (typeof value === 'string' || Number.isSafeInteger(value)) return text;
    throw new ConfigurationError(
      `The slice column "${column.name}" holds ${quoted(text)} in ${nameRow(i)}; slices are made by texts or whole numbers. Write the numbers as a few ranges, such as "low" and "high".`,
    );
  });
}
