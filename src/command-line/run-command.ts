import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

import type { GateConfig } from '../config/gate-config.ts';
import type { Speaker } from '../config/read-config.ts';
import { DEFAULT_CONFIG, readConfig } from '../config/read-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import { terminalLogger, wantsColour } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { runGates } from '../gate.ts';
import { exitStatus } from '../report/conclusion.ts';
import { renderJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderText } from '../report/text.ts';
import type { RunWishes } from './program.ts';
import { repositoryAround } from './repository-around.ts';

/** What a pull request comment may hold, so that the file can be posted as one. */
export const COMMENT_LENGTH = 65_536;

const SPEAKER: Speaker = { document: 'The command line', spell: (input) => `--${input}` };

/**
 * `fusion-gate run`
 *
 * @returns the exit status
 * @throws ConfigurationError when the user has something to mend
 */
export async function runCommand(wishes: RunWishes, version: string): Promise<number> {
  const folder = process.cwd();
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const report = wishes.report === undefined ? undefined : openOutputFile(wishes.report, folder, '--report');
  const markdown =
    wishes.markdown === undefined ? undefined : openOutputFile(wishes.markdown, folder, '--markdown');
  if (report !== undefined && report.path === markdown?.path) {
    throw new ConfigurationError(
      `--report and --markdown are both "${wishes.markdown}". Name a file for each.`,
    );
  }
  const { gates } = await readConfig({ ...wishes, speaker: SPEAKER }, workspace);
  const read = [wishes.config ?? DEFAULT_CONFIG, ...gates.flatMap(filesOf)];
  refuseReadFile(report, '--report', read, folder);
  refuseReadFile(markdown, '--markdown', read, folder);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });

  const result = await runGates(gates, { workspace, threads: wishes.threads, logger, version });
  report?.write(renderJson(result));
  markdown?.write(renderMarkdown(result, { limit: COMMENT_LENGTH }));
  process.stdout.write(
    wishes.json ? renderJson(result) : renderText(result, { colour: wantsColour(process.stdout) }),
  );
  return exitStatus(result.conclusion);
}

function filesOf({ candidate, evaluationSet, permutations }: GateConfig): string[] {
  const own = candidate.kind === 'model' ? [candidate.path, candidate.head] : [candidate.rule.weights];
  return [...own, evaluationSet, permutations.bank?.path].filter((path) => path !== undefined);
}

/** One slip of a flag, and a report would take the place of the model that it is about. */
function refuseReadFile(
  output: OutputFile | undefined,
  spelling: string,
  read: readonly string[],
  folder: string,
): void {
  const same = read.find((path) => {
    const file = resolve(folder, path);
    return existsSync(file) && realpathSync(file) === output?.path;
  });
  if (same === undefined) return;
  throw new ConfigurationError(`${spelling} is "${same}", which this run reads. Name another file to write.`);
}
