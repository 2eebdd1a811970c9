import type { Workspace } from '../foundation/workspace.ts';

/** Numbers as the file stores them; 64-bit integers arrive as Float64Array and are safe integers. */
export type NumericArray =
  Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** What is known of a column before it is read. */
export interface ColumnInfo {
  readonly name: string;
  /** As the format calls it: `float32`, `int64`, `bool`, `<U12`, `object`, ... */
  readonly dtype: string;
  /** Rows first: [N], [N, d], [N, h, w], ... */
  readonly shape: readonly number[];
}

export interface NumberColumn extends ColumnInfo {
  readonly kind: 'numbers';
  /** Row-major values; missing ones are NaN. */
  readonly values: NumericArray;
}

export interface TextColumn extends ColumnInfo {
  readonly kind: 'text';
  readonly values: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** One file of named columns with a row an example. Columns are read when asked for, each at most once. */
export interface EvaluationSet {
  /** As the user wrote it. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
  readonly columns: readonly ColumnInfo[];
  /**
   * @throws ConfigurationError when there is no such column (the sentence lists the columns with their shapes and
   * names the nearest), or when its bytes cannot be read as numbers or text
   */
  read(name: string): Promise<Column>;
}

/** One format: how its files are opened. Bytes have passed the size bound and the LFS check before. */
export interface Format {
  /** With the dot: `.npz`. */
  readonly extensions: readonly string[];
  open(path: string, workspace: Workspace): Promise<Omit<EvaluationSet, 'path' | 'sha256'>>;
}

/** The number of values in one row of a column: the product of its shape after the first axis. */
export function rowWidth(column: ColumnInfo): number {
  return column.shape.slice(1).reduce((product, size) => product * size, 1);
}

/** The given rows of a column, in the given order. */
export function takeRows<C extends Column>(column: C, rows: Uint32Array): C {
  const width = rowWidth(column);
  const shape = [rows.length, ...column.shape.slice(1)];
  if (column.kind === 'text') {
    const values = Array.from(rows).flatMap((row) => column.values.slice(row * width, (row + 1) * width));
    return { ...column, shape, values };
  }
  const values = new (column.values.constructor as new (length: number) => NumericArray)(rows.length * width);
  rows.forEach((row, i) => {
    values.set(column.values.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ...column, shape, values };
}
