import { CsvError, parse } from 'csv-parse/sync';

import { ConfigurationError } from '../foundation/errors.ts';
import { columnOfCells, shapeOfCell } from './column-of-cells.ts';
import { CELL_READERS, cellKind, parseNumber } from './csv-cells.ts';
import type { Column, Format } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { MAX_CELLS, MAX_COLUMNS } from './limits.ts';
import { readTextFile } from './read-text-file.ts';
import { rowName } from './wording.ts';

/** A column as it stands in the file. */
interface RawColumn {
  readonly name: string;
  readonly fields: string[];
}

/**
 * Comma-separated values with a header line, UTF-8, quoted as RFC 4180 says. What a column is follows from all of its
 * fields: see `cellKind`. A vector is a JSON list in one field: `"[0.1, 0.2]"`.
 */
export const csv: Format = {
  extensions: ['.csv'],
  open: async (path, workspace) => {
    const raw = parseCsv(await readTextFile(path, workspace), path);
    const columns = raw.map((column) => ({ ...describe(column), fields: column.fields }));
    const read = (name: string): Promise<Column> =>
      Promise.resolve().then(() => {
        const { dtype, fields } = findColumn(path, columns, name);
        const source = `The column "${name}" of "${path}"`;
        const cells = fields.map((field, row) =>
          CELL_READERS[dtype](field, () => `${source}, ${rowName(row)}`),
        );
        return columnOfCells({ name, dtype }, [cells.length], cells, source);
      });
    return { columns, read };
  },
};

function parseCsv(text: string, path: string): RawColumn[] {
  let columns: RawColumn[] | undefined;
  let cells = 0;
  try {
    parse(text, {
      trim: true,
      skip_empty_lines: true,
      on_record: (record: string[]) => {
        cells += record.length;
        if (cells > MAX_CELLS) throw new ConfigurationError(tooManyFields(path));
        if (columns === undefined) columns = readHeader(record, path);
        else record.forEach((field, j) => columns![j].fields.push(field));
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ConfigurationError(`"${path}" is not valid CSV: ${explain(error)}.`, { cause: error });
  }
  if (columns === undefined) {
    throw new ConfigurationError(`"${path}" is empty; its first line must name the columns.`);
  }
  // A nameless column is the row index that pandas writes; no config can ask for it.
  return columns.filter(({ name }) => name !== '');
}

/** Unequal lines are what people meet, mostly for a comma within a text; the rest is rare, and the parser's own words. */
function explain(error: CsvError): string {
  const found = /expect (\d+), got (\d+) on line (\d+)$/.exec(error.message);
  if (found === null) return error.message;
  const [, columns, fields, line] = found;
  return `line ${line} has ${fields} ${fields === '1' ? 'field' : 'fields'}, but the header names ${columns} columns; put a text with commas in quotes`;
}

function readHeader(names: readonly string[], path: string): RawColumn[] {
  if (names.length > MAX_COLUMNS) {
    throw new ConfigurationError(`"${path}" has ${names.length} columns; at most ${MAX_COLUMNS} are read.`);
  }
  if (names.every((name) => parseNumber(name) !== undefined)) {
    throw new ConfigurationError(`The first line of "${path}" holds only numbers; it must name the columns.`);
  }
  const twice = names.find((name, j) => name !== '' && names.indexOf(name) !== j);
  if (twice !== undefined) {
    throw new ConfigurationError(`"${path}" has two columns called "${twice}"; names must differ.`);
  }
  return names.map((name) => ({ name, fields: [] }));
}

function describe({ name, fields }: RawColumn) {
  const dtype = cellKind(fields);
  return { name, dtype, shape: [fields.length, ...(dtype === 'list' ? shapeOfFirst(fields) : [])] };
}

function shapeOfFirst(lists: readonly string[]): number[] {
  try {
    return shapeOfCell(JSON.parse(lists.find((list) => list !== '')!));
  } catch {
    // What is wrong with the list is said when the column is asked for.
    return [];
  }
}

function tooManyFields(path: string): string {
  return `"${path}" has more than ${MAX_CELLS} fields; save it as .npz or .parquet.`;
}
