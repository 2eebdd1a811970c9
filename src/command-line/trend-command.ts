import { basename, resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import type { Logger } from '../foundation/logger.ts';
import { terminalLogger, wantsColour } from '../foundation/terminal-logger.ts';
import { readHistoryFile, tellDamaged } from '../history/history-file.ts';
import { parseHistory, recordsIn } from '../history/history-lines.ts';
import type { HistoryRecord } from '../history/record-schema.ts';
import { renderTrend } from '../history/sparkline.ts';
import { renderTrendPage } from '../history/trend-page/trend-page.ts';
import { trendsOf } from '../history/trend.ts';
import { webAddress } from '../report/escape.ts';
import type { TrendWishes } from './trend-options.ts';

/**
 * `fusion-gate trend`
 *
 * @returns 0
 * @throws ConfigurationError when a history cannot be read, or holds no record
 */
export function trendCommand(wishes: TrendWishes, version: string): Promise<number> {
  const logger = terminalLogger({ stream: process.stderr });
  const { output } = wishes;
  const page = output === undefined ? undefined : openOutputFile(output, process.cwd(), '--output');
  refuseHistory(page, wishes.historyFiles);
  const repository = repositoryAddress(wishes.repository);
  const records = wishes.historyFiles.flatMap((file) => readRecords(file, logger));
  const trends = trendsOf(records);
  page?.write(renderTrendPage(trends, { repository, version }));
  process.stdout.write(renderTrend(trends, { colour: wantsColour(process.stdout) }));
  return Promise.resolve(0);
}

/** A page in the place of a history would be the end of it. */
function refuseHistory(page: OutputFile | undefined, histories: readonly string[]): void {
  const same = histories.find((file) => resolve(process.cwd(), file) === page?.path);
  if (same === undefined) return;
  throw new ConfigurationError(
    `--output is "${same}", which is the history. Name another file for the page.`,
  );
}

/** As the user says, else as the service of the job says. */
function repositoryAddress(said: string | undefined): string | undefined {
  if (said !== undefined && webAddress(said) === undefined) {
    throw new ConfigurationError(
      `--repository is "${said}"; it must be the address of a repository on the web, such as https://github.com/mona/stress.`,
    );
  }
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, CI_PROJECT_URL: project } = process.env;
  return said ?? (server && name ? `${server}/${name}` : project);
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
