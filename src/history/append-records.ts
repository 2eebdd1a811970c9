import { identityOf, parseHistory, recordsIn, type DamagedLine, type HistoryLine } from './history-lines.ts';
import type { HistoryRecord } from './record-schema.ts';

/** A history with more records in it. */
export interface Appended {
  /** The whole history. */
  readonly text: string;
  /** Its lines, those of a newer fusion-gate included. */
  readonly lines: readonly HistoryLine[];
  /** How many records are new: 0 for a re-run that found the same again. */
  readonly added: number;
  /** Lines of the old text that are no records. They are not in the new one, and are to be kept elsewhere. */
  readonly damaged: readonly DamagedLine[];
}

/**
 * Puts records behind a history, or leaves it as it is where it has them.
 *
 * What was there stays, byte for byte, until a gate has more than `limit` commits, or lines are damaged: then the history
 * is written anew with the newest `limit` commits of each gate, and one line for each of them.
 *
 * @param text one record a line; empty for none
 */
export function appendRecords(text: string, additions: readonly HistoryRecord[], limit: number): Appended {
  const { lines, damaged } = parseHistory(text);
  const known = new Map(lines.flatMap(({ record }) => (record === undefined ? [] : [keyed(record)])));
  const fresh = additions.filter((record) => {
    const before = known.get(identityOf(record));
    return before === undefined || substance(before) !== substance(record);
  });
  const all = [...lines, ...fresh.map((record) => ({ text: JSON.stringify(record), record }))];
  const result = { added: fresh.length, damaged };
  if (damaged.length === 0 && !isFull(all, limit)) {
    const end = text === '' || text.endsWith('\n') ? '' : '\n';
    const more = fresh.map((record) => `${JSON.stringify(record)}\n`).join('');
    return { ...result, text: more === '' ? text : `${text}${end}${more}`, lines: all };
  }
  const kept = compacted(all, limit);
  return { ...result, text: kept.map((line) => `${line.text}\n`).join(''), lines: kept };
}

function keyed(record: HistoryRecord): [string, HistoryRecord] {
  return [identityOf(record), record];
}

/** What was found, without when and by which version: a re-run that finds the same again adds nothing. */
function substance({ time, tool, pullRequest, ref, ...found }: HistoryRecord): string {
  return JSON.stringify(found);
}

function isFull(lines: readonly HistoryLine[], limit: number): boolean {
  const commits = new Map<string, number>();
  for (const { gate } of recordsIn(lines)) commits.set(gate, (commits.get(gate) ?? 0) + 1);
  const most = [...commits.values()].reduce((a, b) => Math.max(a, b), 0);
  // Re-runs that found something else leave lines that no reader looks at.
  return most > limit || lines.length > 2 * limit * Math.max(1, commits.size);
}

/** The newest line of each of the newest `limit` commits of each gate, and whatever a newer fusion-gate wrote. */
function compacted(lines: readonly HistoryLine[], limit: number): HistoryLine[] {
  const newest = new Map<string, HistoryLine>();
  for (const [i, line] of lines.entries()) {
    newest.set(line.record === undefined ? `${i}` : identityOf(line.record), line);
  }
  const seen = new Map<string, number>();
  const kept: HistoryLine[] = [];
  for (const line of [...newest.values()].reverse()) {
    const gate = line.record?.gate;
    const count = gate === undefined ? 0 : (seen.get(gate) ?? 0) + 1;
    if (gate !== undefined) seen.set(gate, count);
    if (count <= limit) kept.push(line);
  }
  return kept.reverse();
}
