import { extname } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { parseNumber } from './csv-cells.ts';
import { type Column, rowWidth } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { idText } from './id-text.ts';
import { MAX_ROWS } from './limits.ts';
import { openEvaluationSet } from './open-evaluation-set.ts';
import { readTextFile } from './read-text-file.ts';
import { describeColumn, quoted, rowName } from './wording.ts';

const ROLE = 'list of training ids';
const LINES = '.txt';

/** Where the ids stand that a model was trained on. */
export interface TrainIdsPlace {
  /** A `.txt` with an id a line, or a file of columns. */
  readonly path: string;
  /** Not for a `.txt`. */
  readonly column?: string;
}

/**
 * The ids that a model was trained on, spelt as those of the evaluation set are.
 *
 * @param ids the id column of the evaluated rows
 * @returns each id once
 * @throws ConfigurationError when the file cannot be read, holds no ids or more than an evaluation set may have rows, or
 * holds text where the evaluation set has numbers or the other way round: such ids are never equal, and a check that can
 * find nothing would look like one that found nothing
 */
export async function readTrainIds(
  place: TrainIdsPlace,
  ids: Column,
  workspace: Workspace,
): Promise<ReadonlySet<string>> {
  const isLines = extname(place.path).toLowerCase() === LINES;
  const found = isLines
    ? await readLines(place.path, ids, workspace)
    : await readColumn(place, ids, workspace);
  if (found.length > 0) return new Set(found);
  throw new ConfigurationError(`The ${ROLE} "${place.path}" is empty; name at least one id.`);
}

/** An id a line; empty lines say nothing. Lines have no type of their own: they are numbers where the other ids are. */
async function readLines(path: string, ids: Column, workspace: Workspace): Promise<readonly string[]> {
  const text = await readTextFile(path, workspace, ROLE);
  refuseTooMany(path, countLines(text));
  const lines = text.split('\n').map((line) => line.trim());
  if (ids.kind === 'text') return lines.filter((line) => line !== '');
  return lines.flatMap((line, i) => {
    if (line === '') return [];
    const number = parseNumber(line);
    if (number !== undefined) return String(number);
    throw new ConfigurationError(
      `The ${ROLE} "${path}" holds ${quoted(line)} in line ${i + 1}, and the id column ${describeColumn(ids)} of the evaluation set holds numbers; no two could ever be equal. Give the same kind of id in both.`,
    );
  });
}

async function readColumn(
  { path, column: name }: TrainIdsPlace,
  ids: Column,
  workspace: Workspace,
): Promise<readonly string[]> {
  const set = await openEvaluationSet(path, workspace, { role: ROLE, also: [LINES] });
  const wanted = name ?? ids.name;
  refuseTooMany(path, findColumn(path, set.columns, wanted).shape[0] ?? 0);
  const column = await set.read(wanted);
  const source = `The column ${describeColumn(column)} of the ${ROLE} "${path}"`;
  if (rowWidth(column) !== 1) throw new ConfigurationError(`${source} needs one id a row.`);
  if (column.kind !== ids.kind) {
    const kinds = { text: 'text', numbers: 'numbers' };
    throw new ConfigurationError(
      `${source} holds ${kinds[column.kind]}, and the id column ${describeColumn(ids)} of the evaluation set holds ${kinds[ids.kind]}; no two could ever be equal. Give the same kind of id in both, such as text, one a line in a .txt.`,
    );
  }
  refuseNoId(column, source);
  return idText(column);
}

function refuseNoId({ kind, values }: Column, source: string): void {
  if (kind === 'text') return;
  const wrong = values.findIndex((value) => !(Math.abs(value) <= Number.MAX_SAFE_INTEGER));
  if (wrong === -1) return;
  throw new ConfigurationError(
    `${source} holds ${values[wrong]} in ${rowName(wrong)}, which is no id: it is missing, or beyond 2^53 - 1, where numbers are rounded. Write every id, and ids of this size as text.`,
  );
}

function countLines(text: string): number {
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function refuseTooMany(path: string, count: number): void {
  if (count <= MAX_ROWS) return;
  throw new ConfigurationError(`The ${ROLE} "${path}" has ${count} entries; at most ${MAX_ROWS} are read.`);
}
