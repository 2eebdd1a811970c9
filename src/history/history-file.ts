import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

import { ConfigurationError } from '../foundation/errors.ts';
import { appendRecords, type Appended } from './append-records.ts';
import { withLock } from './file-lock.ts';
import type { DamagedLine } from './history-lines.ts';
import type { HistoryRecord } from './record-schema.ts';

/** Bytes of a history: it is held as a whole. Ten thousand records have about ten million. */
export const MAX_HISTORY_BYTES = 2 ** 27;

/**
 * Puts records into a history file, which is made where it is missing. Writers of one machine wait for each other.
 *
 * Damaged lines go to a file of their own beside it (`damagedPath`) before anything is taken out of the history.
 *
 * @param path absolute
 * @param spelling the input that names it, for errors: `--history-file`
 * @throws ConfigurationError where it cannot be read or written
 */
export async function recordInFile(
  path: string,
  records: readonly HistoryRecord[],
  limit: number,
  spelling: string,
): Promise<Appended> {
  return withLock(`${path}.lock`, spelling, () => {
    const before = readHistoryFile(path, spelling);
    const after = appendRecords(before, records, limit);
    refuseForeign(path, before, after, spelling);
    try {
      if (after.damaged.length > 0) appendFileSync(damagedPath(path), damagedText(after.damaged));
      if (after.text !== before) put(path, before, after.text);
    } catch (error) {
      throw new ConfigurationError(`${spelling} could not be written: ${(error as Error).message}.`);
    }
    return after;
  });
}

/**
 * The text of a history file; empty where there is none yet.
 *
 * @throws ConfigurationError where it is no file, too large or not to be read
 */
export function readHistoryFile(path: string, spelling: string): string {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return '';
  if (!there.isFile()) {
    throw new ConfigurationError(`${spelling} is "${path}", which is not a file. Name a file of JSON lines.`);
  }
  if (there.size > MAX_HISTORY_BYTES) {
    throw new ConfigurationError(
      `${spelling} is "${path}", which has ${there.size} bytes; at most ${MAX_HISTORY_BYTES} are read. Start a new file, or keep fewer commits.`,
    );
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${spelling} could not be read: ${(error as Error).message}.`);
  }
}

/** One slip of a flag, and a model would be taken apart as a history of damaged lines. */
function refuseForeign(path: string, before: string, { lines, added }: Appended, spelling: string): void {
  if (before.trim() === '' || lines.length > added) return;
  throw new ConfigurationError(
    `${spelling} is "${path}", in which no line is a record of fusion-gate. Name a file of its own for the history.`,
  );
}

/** Where lines are kept that are no records. */
export function damagedPath(path: string): string {
  return `${path}.damaged`;
}

export function damagedText(damaged: readonly DamagedLine[]): string {
  return damaged.map(({ text }) => `${text}\n`).join('');
}

/** What to tell of lines that are no records. */
export function tellDamaged(
  damaged: readonly DamagedLine[],
  file: string,
  keptIn?: string,
): string | undefined {
  if (damaged.length === 0) return undefined;
  const [{ number, why }] = damaged;
  const rest = damaged.length - 1;
  const more = rest === 0 ? '' : `, and ${rest} more ${rest === 1 ? 'line is' : 'lines are'} damaged too`;
  const kept = keptIn === undefined ? 'left out' : `kept in "${keptIn}"`;
  return `Line ${number} of the history "${file}" is not a record (${why})${more}; ${rest === 0 ? 'it is' : 'they are'} ${kept}.`;
}

/** Behind what is there where that suffices; else beside it and moved over it. */
function put(path: string, before: string, after: string): void {
  if (before !== '' && after.startsWith(before)) {
    appendFileSync(path, after.slice(before.length));
    return;
  }
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, after, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
