import { ConfigurationError } from '../foundation/errors.ts';
import { columnOfCells, shapeOfCell } from './column-of-cells.ts';
import type { Column, ColumnInfo, Format } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { MAX_CELLS, MAX_COLUMNS } from './limits.ts';
import { readTextFile } from './read-text-file.ts';

/**
 * JSON Lines: one object a line, its keys the columns, lists further axes. A key that a line lacks is missing there, as
 * null is: NaN among numbers.
 */
export const jsonl: Format = {
  extensions: ['.jsonl'],
  open: async (path, workspace) => {
    const { rows, cells } = parseLines(await readTextFile(path, workspace), path);
    const columns = [...cells].map(([name, values]) => describe(name, values, rows));
    const read = (name: string): Promise<Column> => {
      return Promise.resolve().then(() => {
        const column = findColumn(path, columns, name);
        const values = Array.from({ length: rows }, (_, row) => cells.get(name)![row]);
        return columnOfCells(column, [rows], values, `The column "${name}" of "${path}"`);
      });
    };
    return { columns, read };
  },
};

/** By key, then by row. A row that lacks a key is a hole. */
type CellsByKey = Map<string, unknown[]>;

function parseLines(text: string, path: string): { rows: number; cells: CellsByKey } {
  const cells: CellsByKey = new Map();
  let rows = 0;
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    for (const [key, value] of parseObject(line, index + 1, path)) {
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key)![rows] = value;
    }
    rows++;
    if (cells.size > MAX_COLUMNS || rows * cells.size > MAX_CELLS) {
      throw new ConfigurationError(
        `"${path}" has more than ${MAX_COLUMNS} columns or ${MAX_CELLS} values; save it as .npz or .parquet.`,
      );
    }
  });
  if (rows === 0)
    throw new ConfigurationError(
      `"${path}" is empty; every line is one row, written as {"column": value, ...}.`,
    );
  return { rows, cells };
}

function parseObject(line: string, lineNumber: number, path: string): [string, unknown][] {
  const value = parseJson(line, lineNumber, path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new ConfigurationError(
    `Line ${lineNumber} of "${path}" is not a JSON object; every line is one row, written as {"column": value, ...}.`,
  );
}

function parseJson(line: string, lineNumber: number, path: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    const hint = /\b(NaN|Infinity)\b/.test(line)
      ? ' JSON has no NaN and no Infinity, although Python writes them: write null instead.'
      : ' Every line is one row, written as {"column": value, ...}.';
    throw new ConfigurationError(`Line ${lineNumber} of "${path}" is not valid JSON.${hint}`, { cause });
  }
}

function describe(name: string, values: readonly unknown[], rows: number): ColumnInfo {
  const known = values.find((value) => value !== null && value !== undefined);
  return { name, dtype: leafType(known), shape: [rows, ...shapeOfCell(known)] };
}

function leafType(cell: unknown): string {
  if (Array.isArray(cell)) return leafType(cell[0]);
  if (cell === null || cell === undefined) return 'null';
  return typeof cell === 'string' ? 'text' : typeof cell;
}
