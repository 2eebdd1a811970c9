import { createHash } from 'node:crypto';

import { appendRecords } from './append-records.ts';
import { badgeJson, badgeSvg } from './badge.ts';
import { damagedPath, damagedText } from './history-file.ts';
import { parseHistory, recordsIn, type DamagedLine } from './history-lines.ts';
import type { HistoryRecord } from './record-schema.ts';
import { renderTrendPage, type PageWishes } from './trend-page/trend-page.ts';
import { trendsOf } from './trend.ts';

const FOLDER = 'history/';
const ENDING = '.jsonl';
const PLAIN = /^[a-z0-9][a-z0-9._-]{0,59}$/;

/** Where the history of a gate lies on the branch. */
export function historyPath(gate: string): string {
  return `${FOLDER}${stemOf(gate)}${ENDING}`;
}

export function isHistoryPath(path: string): boolean {
  return path.startsWith(FOLDER) && path.endsWith(ENDING);
}

/** A name for files: that of the gate where it is plain, and else as much of it as is, with a hash that tells it apart. */
function stemOf(gate: string): string {
  if (PLAIN.test(gate)) return gate;
  const hash = createHash('sha256').update(gate).digest('hex').slice(0, 12);
  const readable = gate
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return `${readable === '' ? 'gate' : readable}-${hash}`;
}

/** What the branch should hold after a run. */
export interface BranchFiles {
  /** Files to write, by path; none where all is there already. */
  readonly files: ReadonlyMap<string, string>;
  /** Of every gate, those of this run included. */
  readonly records: readonly HistoryRecord[];
  readonly damaged: readonly { readonly path: string; readonly lines: readonly DamagedLine[] }[];
}

/**
 * The branch's files with a run's records in them: the histories, the page, and a badge for each gate.
 *
 * @param texts of the branch's histories, and of the files of damaged lines beside them, by path
 */
export function branchFiles(
  texts: ReadonlyMap<string, string>,
  additions: readonly HistoryRecord[],
  limit: number,
  page: PageWishes,
): BranchFiles {
  const paths = [...new Set([...texts.keys(), ...additions.map(({ gate }) => historyPath(gate))])];
  const files = new Map<string, string>();
  const damaged: { path: string; lines: readonly DamagedLine[] }[] = [];
  const records = paths.filter(isHistoryPath).flatMap((path) => {
    const before = texts.get(path) ?? '';
    const own = additions.filter(({ gate }) => historyPath(gate) === path);
    // The histories of other gates are left alone.
    if (own.length === 0) return recordsIn(parseHistory(before).lines);
    const after = appendRecords(before, own, limit);
    if (after.text !== before) files.set(path, after.text);
    if (after.damaged.length > 0) {
      const aside = damagedPath(path);
      files.set(aside, (texts.get(aside) ?? '') + damagedText(after.damaged));
      damaged.push({ path, lines: after.damaged });
    }
    return recordsIn(after.lines);
  });
  if (files.size === 0) return { files, records, damaged };
  const trends = trendsOf(records);
  files.set('index.html', renderTrendPage(trends, page));
  for (const { gate, records: of } of trends.filter(({ gate }) =>
    additions.some((own) => own.gate === gate),
  )) {
    files.set(`badges/${stemOf(gate)}.json`, badgeJson(of));
    files.set(`badges/${stemOf(gate)}.svg`, badgeSvg(of));
  }
  return { files, records, damaged };
}
