import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import { openOutputFolder, type OutputFolder } from '../foundation/output-folder.ts';
import { wantsColour } from '../foundation/terminal-logger.ts';
import type { RunReport } from '../report/gate-report.ts';
import { renderHtml } from '../report/html/page.ts';
import { renderPlots } from '../report/html/plot-files.ts';
import { renderJson } from '../report/json.ts';
import { renderJUnit } from '../report/junit.ts';
import { renderLatex } from '../report/latex.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderText } from '../report/text.ts';
import { REPORT_FILES, type ReportFileName, type ReportWishes } from './report-options.ts';
import type { HistoryWishes } from './history-options.ts';

/** What a pull request comment may hold, so that the file can be posted as one. */
export const COMMENT_LENGTH = 65_536;

const RENDERED: Readonly<Record<ReportFileName, (report: RunReport) => string>> = {
  report: renderJson,
  markdown: (report) => renderMarkdown(report, { limit: COMMENT_LENGTH }),
  html: renderHtml,
  junit: renderJUnit,
};

/** The files that a command was asked to write: forms of the report, and the history that it is put into. */
export type ReportFiles = Readonly<Partial<Record<ReportFileName | 'history', OutputFile>>> & {
  readonly plots?: OutputFolder;
};

/** The flag that names each of them. */
const FLAGS = [...REPORT_FILES.map((name) => [name, name] as const), ['history', 'history-file'] as const];

/**
 * Checks that the files can be written, before a long run rather than after it.
 *
 * @throws ConfigurationError when one of them cannot, or two are the same
 */
export function openReportFiles(wishes: Partial<ReportWishes & HistoryWishes>, folder: string): ReportFiles {
  const files: Partial<Record<ReportFileName | 'history', OutputFile>> = {};
  for (const [name, flag] of FLAGS) {
    const path = name === 'history' ? wishes.historyFile : wishes[name];
    if (path === undefined) continue;
    const file = openOutputFile(path, folder, `--${flag}`);
    const same = FLAGS.find(([other]) => files[other]?.path === file.path);
    if (same !== undefined) {
      throw new ConfigurationError(`--${same[1]} and --${flag} are both "${path}". Name a file for each.`);
    }
    files[name] = file;
  }
  if (wishes.plots === undefined) return files;
  return { ...files, plots: openOutputFolder(wishes.plots, folder, '--plots') };
}

/** One slip of a flag, and a report would take the place of the model that it is about. */
export function refuseReadFiles(files: ReportFiles, read: readonly string[], folder: string): void {
  for (const [name, flag] of FLAGS) {
    const same = read.find((path) => {
      const file = resolve(folder, path);
      return existsSync(file) && realpathSync(file) === files[name]?.path;
    });
    if (same === undefined) continue;
    throw new ConfigurationError(`--${flag} is "${same}", which this run reads. Name another file to write.`);
  }
}

/** Writes a report to where it was asked for. */
export function writeReportFiles(result: RunReport, files: ReportFiles): void {
  for (const name of REPORT_FILES) files[name]?.write(RENDERED[name](result));
  files.plots?.write(renderPlots(result));
}

/** Writes a report to where it was asked for, and prints it. */
export function putReport(result: RunReport, files: ReportFiles, wishes: ReportWishes): void {
  writeReportFiles(result, files);
  process.stdout.write(printed(result, wishes));
}

function printed(result: RunReport, { json, format }: ReportWishes): string {
  if (json) return renderJson(result);
  if (format === 'latex') return renderLatex(result);
  if (format === 'markdown') return renderMarkdown(result, { limit: COMMENT_LENGTH });
  return renderText(result, { colour: wantsColour(process.stdout) });
}
