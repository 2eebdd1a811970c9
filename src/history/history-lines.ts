import { historyRecord, type HistoryRecord } from './record-schema.ts';

/** Characters of one line. A record has about a thousand, and a hundred more for each modality. */
const LONGEST_LINE = 2 ** 20;

/** One line of a history that is to stay, as it stands there. */
export interface HistoryLine {
  readonly text: string;
  /** Undefined for what a newer fusion-gate wrote: it is kept, and not understood. */
  readonly record?: HistoryRecord;
}

/** A line that is no record. */
export interface DamagedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** What is wrong with it, as the end of a sentence. */
  readonly why: string;
}

export interface HistoryLines {
  readonly lines: readonly HistoryLine[];
  readonly damaged: readonly DamagedLine[];
}

/** Takes a history apart, line by line. Nothing that stands in it makes this throw. */
export function parseHistory(text: string): HistoryLines {
  const lines: HistoryLine[] = [];
  const damaged: DamagedLine[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (typeof read === 'string') damaged.push({ number: i + 1, text: line, why: read });
    else lines.push(read);
  }
  return { lines, damaged };
}

/** The line, or what is wrong with it. */
function readLine(text: string): HistoryLine | string {
  if (text.length > LONGEST_LINE) return `it has ${text.length} characters, more than any record`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const parsed = historyRecord.safeParse(json);
  if (parsed.success) return { text, record: parsed.data };
  if (isNewer(json)) return { text };
  const [{ path, message }] = parsed.error.issues;
  return path.length === 0 ? 'it is not a record' : `${path.join('.')}: ${message}`;
}

function isNewer(json: unknown): boolean {
  const version = (json as { readonly version?: unknown } | null)?.version;
  return Number.isInteger(version) && Number(version) > 1;
}

/**
 * The records of a history, one for each gate and commit: the newest, in the place of the first.
 *
 * @param lines in the order in which they were written
 */
export function recordsIn(lines: readonly HistoryLine[]): HistoryRecord[] {
  const records = new Map<string, HistoryRecord>();
  for (const { record } of lines) if (record !== undefined) records.set(identityOf(record), record);
  return [...records.values()];
}

/** The same for two records of one gate at one commit. */
export function identityOf({ gate, sha }: Pick<HistoryRecord, 'gate' | 'sha'>): string {
  return `${sha} ${gate}`;
}
