import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { readConfig } from '../config/read-config.ts';
import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { runGates } from '../gate.ts';
import { exitStatus } from '../report/conclusion.ts';
import type { RunReport } from '../report/gate-report.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { DemoWishes } from './program.ts';
import { COMMENT_LENGTH, openReportFiles, writeReportFiles } from './report-files.ts';

/**
 * `fusion-gate demo`: the example's gates, as a pull request would get them. One of them is made to fail.
 *
 * @param examples folder of the example
 * @returns 0 when the gates ended as they were made to, 2 when they did not
 * @throws ConfigurationError when the example is not there, or the page cannot be written
 */
export async function demoCommand(
  examples: URL,
  { quiet, threads, html }: DemoWishes,
  version: string,
): Promise<number> {
  const folder = fileURLToPath(examples);
  if (!existsSync(folder)) {
    throw new ConfigurationError(
      `The example is not at ${folder}. "fusion-gate demo" needs the folder examples/ beside dist/, as the repository and the package have it.`,
    );
  }
  const files = openReportFiles({ html }, process.cwd());
  const workspace = openWorkspace(folder);
  const logger = terminalLogger({ stream: process.stderr, quiet });
  const { gates } = await readConfig({}, workspace);
  const report = await runGates(gates, { workspace, threads, logger, version });
  process.stdout.write(`${renderMarkdown(report, { limit: COMMENT_LENGTH })}\n`);
  writeReportFiles(report, files);
  const asMeant = isAsMeant(report);
  logger.info(`\n${explain(report, asMeant)}`);
  return asMeant ? 0 : 2;
}

/** The example has gates that pass and one that is made to fail. */
function isAsMeant({ gates }: RunReport): boolean {
  const ended = new Set(gates.map(({ conclusion }) => conclusion));
  return ended.has('success') && ended.has('failure') && ended.size === 2;
}

function explain(report: RunReport, asMeant: boolean): string {
  const failed = report.gates.filter(({ conclusion }) => conclusion === 'failure').map(({ name }) => name);
  if (!asMeant)
    return 'The demo did not end with passing and failing gates, as it is made to; its exit status is 2.';
  return [
    'The text above is what a pull request would get as its comment.',
    `"fusion-gate run" would exit with ${exitStatus(report.conclusion)} here, because ${enumerate(failed)} failed, and the check would be red.`,
    'The demo exits with 0: its gates ended as they were made to.',
  ].join('\n');
}
