import { extname } from 'node:path';

import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { sha256OfFiles, type Workspace } from '../foundation/workspace.ts';
import { csv } from './csv.ts';
import type { Column, EvaluationSet, Format } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { jsonl } from './jsonl.ts';
import { npz } from './npz.ts';
import { parquet } from './parquet.ts';

const FORMATS: readonly Format[] = [npz, csv, jsonl, parquet];

/**
 * Opens a file of named columns, by its extension.
 *
 * @param path as the user wrote it
 * @returns the set; each column is read when it is first asked for, and kept
 * @throws ConfigurationError when the file cannot be located, has another extension, or is damaged
 */
export async function openEvaluationSet(path: string, workspace: Workspace): Promise<EvaluationSet> {
  const format = formatOf(path);
  const file = await workspace.locate(path, 'evaluation set');
  const sha256 = await sha256OfFiles([file]);
  const { columns, read } = await format.open(path, workspace);
  const reading = new Map<string, Promise<Column>>();
  const readOnce = (name: string): Promise<Column> => {
    const begun = reading.get(name) ?? readRows(name);
    reading.set(name, begun);
    return begun;
  };
  const readRows = async (name: string): Promise<Column> => {
    const { shape } = findColumn(path, columns, name);
    const column = await read(name);
    if (column.shape.length > 0) return column;
    throw new ConfigurationError(
      `The column "${name}" of "${path}" is a single value (shape [${shape.join(', ')}]); a column has one value, or one vector, in every row.`,
    );
  };
  return { path, sha256, columns, read: readOnce };
}

function formatOf(path: string): Format {
  const extension = extname(path).toLowerCase();
  const format = FORMATS.find(({ extensions }) => extensions.includes(extension));
  if (format !== undefined) return format;
  const allowed = FORMATS.flatMap(({ extensions }) => extensions);
  throw new ConfigurationError(
    `The evaluation set "${path}" has the extension "${extension}"; ${enumerate(allowed)} are read.${didYouMean(extension, allowed)}`,
  );
}
