import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import { wantsColour } from '../foundation/terminal-logger.ts';
import type { RunReport } from '../report/gate-report.ts';
import { renderJson } from '../report/json.ts';
import { renderLatex } from '../report/latex.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderText } from '../report/text.ts';
import type { HistoryWishes } from './history-options.ts';
import type { ReportWishes } from './report-options.ts';

/** What a pull request comment may hold, so that the file can be posted as one. */
export const COMMENT_LENGTH = 65_536;

/** The files that a command was asked to write. */
export interface ReportFiles {
  readonly report?: OutputFile;
  readonly markdown?: OutputFile;
  readonly history?: OutputFile;
}

/**
 * Checks that the files can be written, before a long run rather than after it.
 *
 * @throws ConfigurationError when one of them cannot, or both are the same
 */
export function openReportFiles(
  { report, markdown, historyFile }: ReportWishes & HistoryWishes,
  folder: string,
): ReportFiles {
  const files = {
    report: report === undefined ? undefined : openOutputFile(report, folder, '--report'),
    markdown: markdown === undefined ? undefined : openOutputFile(markdown, folder, '--markdown'),
    history: historyFile === undefined ? undefined : openOutputFile(historyFile, folder, '--history-file'),
  };
  if (files.report !== undefined && files.report.path === files.markdown?.path) {
    throw new ConfigurationError(`--report and --markdown are both "${markdown}". Name a file for each.`);
  }
  const other = [files.report, files.markdown].find((file) => file?.path === files.history?.path);
  if (other !== undefined) {
    throw new ConfigurationError(
      `--history-file is "${historyFile}", which is to hold the report. Name a file for each.`,
    );
  }
  return files;
}

/** One slip of a flag, and a report would take the place of the model that it is about. */
export function refuseReadFiles(
  { report, markdown, history }: ReportFiles,
  read: readonly string[],
  folder: string,
): void {
  const outputs = { '--report': report, '--markdown': markdown, '--history-file': history };
  for (const [spelling, output] of Object.entries(outputs)) {
    const same = read.find((path) => {
      const file = resolve(folder, path);
      return existsSync(file) && realpathSync(file) === output?.path;
    });
    if (same === undefined) continue;
    throw new ConfigurationError(
      `${spelling} is "${same}", which this run reads. Name another file to write.`,
    );
  }
}

/** Writes a report to where it was asked for, and prints it. */
export function putReport(result: RunReport, { report, markdown }: ReportFiles, wishes: ReportWishes): void {
  report?.write(renderJson(result));
  markdown?.write(renderMarkdown(result, { limit: COMMENT_LENGTH }));
  process.stdout.write(printed(result, wishes));
}

function printed(result: RunReport, { json, format }: ReportWishes): string {
  if (json) return renderJson(result);
  if (format === 'latex') return renderLatex(result);
  if (format === 'markdown') return renderMarkdown(result, { limit: COMMENT_LENGTH });
  return renderText(result, { colour: wantsColour(process.stdout) });
}
