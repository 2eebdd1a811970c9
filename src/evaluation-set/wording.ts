import type { ColumnInfo } from './evaluation-set.ts';

/** How an error names the i-th row of a column: with its number in the file and, where there is one, its id. */
export type RowNamer = (i: number) => string;

/** Rows as NumPy counts them. Says so, because editors and spreadsheets count otherwise. */
export function rowName(row: number, id?: string): string {
  return `row ${row} (counting from 0${id === undefined ? '' : `; id ${quoted(id)}`})`;
}

/** Text from a file as an error may show it: on one line, cut after 40 characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** `Q_a [420, 2] float64` */
export function describeColumn({ name, shape, dtype }: ColumnInfo): string {
  return `${name} [${shape.join(', ')}] ${dtype}`;
}
