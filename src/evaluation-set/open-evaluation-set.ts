import { extname } from 'node:path';

import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { sha256OfFiles, type Workspace } from '../foundation/workspace.ts';
import { csv } from './csv.ts';
import type { EvaluationSet, Format } from './evaluation-set.ts';
import { jsonl } from './jsonl.ts';
import { npz } from './npz.ts';
import { parquet } from './parquet.ts';
import { readOnce } from './read-once.ts';

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
  return { path, sha256, columns, read: readOnce(path, columns, read) };
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
