import {
  asyncBufferFromFile,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { compressors, decompressZstd } from 'hyparquet-compressors';

import { ConfigurationError } from '../foundation/errors.ts';
import { columnOfCells } from './column-of-cells.ts';
import type { Column, ColumnInfo, Format } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import { checkPages } from './parquet-pages.ts';
import { isReadable, parquetType } from './parquet-types.ts';

/** hyparquet-compressors lets zstd grow its output as it likes; a page says how long it is. */
const zstd = (input: Uint8Array, length: number): Uint8Array => decompressZstd(input, new Uint8Array(length));

/** It also takes a block of nothing for a damaged one (LZ4), which is what a page of missing lists is. */
const DECOMPRESSORS: Compressors = Object.fromEntries(
  Object.entries({ ...compressors, ZSTD: zstd }).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => (length === 0 ? new Uint8Array() : decompress(input, length)),
  ]),
);

/** Apache Parquet. Lists are vectors, lists of lists further axes; only the columns asked for are read. */
export const parquet: Format = {
  extensions: ['.parquet'],
  open: async (path, workspace) => {
    const file = await workspace.locate(path, 'evaluation set');
    const buffer = await asyncBufferFromFile(file);
    const metadata = await orDamaged(path, () => parquetMetadataAsync(buffer, { geoparquet: false }));
    const columns = await orDamaged(path, () => describeColumns(metadata, path));
    const read = async (name: string): Promise<Column> => {
      const column = findColumn(path, columns, name);
      const source = `The column "${name}" of "${path}"`;
      if (!isReadable(column.dtype)) {
        throw new ConfigurationError(
          `${source} has the Parquet type ${column.dtype}; numbers, booleans, strings and lists of them are read.`,
        );
      }
      const cells = await orDamaged(path, () => readCells(buffer, metadata, name, source));
      if (cells.length !== column.shape[0]) throw damaged(path);
      return columnOfCells(column, [cells.length], cells, source);
    };
    return { columns, read };
  },
};

function describeColumns(metadata: FileMetaData, path: string): ColumnInfo[] {
  const rows = Number(metadata.num_rows);
  if (!Number.isSafeInteger(rows) || rows < 0) throw damaged(path);
  if (rows > MAX_ROWS) {
    throw new ConfigurationError(`"${path}" has ${rows} rows; at most ${MAX_ROWS} are read.`);
  }
  const { children } = parquetSchema(metadata);
  if (children.length > MAX_COLUMNS) {
    throw new ConfigurationError(
      `"${path}" has ${children.length} columns; at most ${MAX_COLUMNS} are read.`,
    );
  }
  return children.map((node) => {
    const { name } = node.element;
    // A damaged footer may lack what the parser's types promise.
    if (typeof (name as unknown) !== 'string') throw damaged(path);
    const dtype = parquetType(node);
    return { name, dtype, shape: /^list<\w+>$/.test(dtype) ? [rows, ...width(metadata, name)] : [rows] };
  });
}

/** The length of a column's lists as far as the footer tells, which is when all are equally long. */
function width(metadata: FileMetaData, name: string): number[] {
  const values = metadata.row_groups
    .flatMap(({ columns }) => columns)
    .filter((chunk) => chunk.meta_data?.path_in_schema[0] === name)
    .reduce((sum, chunk) => sum + Number(chunk.meta_data?.num_values), 0);
  const perRow = values / Number(metadata.num_rows);
  return Number.isInteger(perRow) ? [perRow] : [];
}

async function readCells(
  file: AsyncBuffer,
  metadata: FileMetaData,
  name: string,
  source: string,
): Promise<unknown[]> {
  await checkPages(file, metadata, name, source);
  const cells: unknown[] = [];
  await parquetRead({
    file,
    metadata,
    columns: [name],
    compressors: DECOMPRESSORS,
    rowFormat: 'array',
    onComplete: (rows) => {
      for (const row of rows) cells.push(row[0]);
    },
  });
  return cells;
}

/** Whatever the parser trips over is a damaged file: it has no errors of its own for that. */
async function orDamaged<T>(path: string, attempt: () => T | Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    `"${path}" is not a complete Parquet file: it is damaged, cut off, or uses a feature that is not read (encryption, LZO).`,
    { cause },
  );
}
