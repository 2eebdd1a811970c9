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

/** What a file is to the user, where it is no evaluation set. */
export interface Purpose {
  /** How errors call it. */
  readonly role: string;
  /** Extensions that the caller reads itself. */
  readonly also: readonly string[];
}

const TO_EVALUATE: Purpose = { role: 'evaluation set', also: [] };

/**
 * Opens a file of named columns, by its extension.
 *
 * @param path as the user wrote it
 * @returns the set; each column is read when it is first asked for, and kept
 * @throws ConfigurationError when the file cannot be located, has another extension, or is damaged
 */
export async function openEvaluationSet(
  path: string,
  workspace: Workspace,
  purpose = TO_EVALUATE,
): Promise<EvaluationSet> {
  const format = formatOf(path, purpose);
  const file = await workspace.locate(path, purpose.role);
  const sha256 = await sha256OfFiles([file]);
  const { columns, read } = await format.open(path, workspace);
  return { path, sha256, columns, read: readOnce(path, columns, read) };
}

function formatOf(path: string, { role, also }: Purpose): Format {
  const extension = extname(path).toLowerCase();
  const format = FORMATS.find(({ extensions }) => extensions.includes(extension));
  if (format !== undefined) return format;
  const allowed = [...FORMATS.flatMap(({ extensions }) => extensions), ...also];
  throw new ConfigurationError(
    `The ${role} "${path}" has the extension "${extension}"; ${enumerate(allowed)} are read.${didYouMean(extension, allowed)}`,
  );
}
