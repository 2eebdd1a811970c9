import { basename, resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { terminalLogger, wantsColour } from '../foundation/terminal-logger.ts';
import { readHistoryFile, tellDamaged } from '../history/history-file.ts';
import { parseHistory, recordsIn } from '../history/history-lines.ts';
import type { HistoryRecord } from '../history/record-schema.ts';
import { renderTrend } from '../history/sparkline.ts';
import { trendsOf } from '../history/trend.ts';
import type { TrendWishes } from './trend-options.ts';

/**
 * `fusion-gate trend`
 *
 * @returns 0
 * @throws ConfigurationError when a history cannot be read, or holds no record
 */
export function trendCommand(wishes: TrendWishes): Promise<number> {
  const logger = terminalLogger({ stream: process.stderr });
  const records = wishes.historyFiles.flatMap((file) => readRecords(file, logger));
  process.stdout.write(renderTrend(trendsOf(records), { colour: wantsColour(process.stdout) }));
  return Promise.resolve(0);
}

function readRecords(file: string, logger: Logger): HistoryRecord[] {
  const text = readHistoryFile(resolve(process.cwd(), file), '--history-file');
  const { lines, damaged } = parseHistory(text);
  const records = recordsIn(lines);
  if (records.length === 0) {
    const what = text.trim() === '' ? 'is not there or empty' : 'holds no record of fusion-gate';
    throw new ConfigurationError(
      `--history-file is "${file}", which ${what}. "fusion-gate run --history-file ${file}" writes one.`,
    );
  }
  const damage = tellDamaged(damaged, basename(file));
  if (damage !== undefined) logger.warning(damage);
  return records;
}
