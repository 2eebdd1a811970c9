import type { GateConfig } from '../config/gate-config.ts';
import type { Speaker, Suite } from '../config/read-config.ts';
import { DEFAULT_CONFIG, readConfig } from '../config/read-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { measureShard, runGates, type RunOptions } from '../gate.ts';
import { exitStatus } from '../report/conclusion.ts';
import { renderShard } from '../shards/shard-file.ts';
import { openHistory } from './keep-history.ts';
import type { RunWishes } from './program.ts';
import { openReportFiles, putReport, refuseReadFiles, type ReportFiles } from './report-files.ts';
import { repositoryAround } from './repository-around.ts';

/** How errors name flags. */
export const SPEAKER: Speaker = { document: 'The command line', spell: (input) => `--${input}` };

/**
 * `fusion-gate run`
 *
 * @returns the exit status
 * @throws ConfigurationError when the user has something to mend
 */
export async function runCommand(wishes: RunWishes, version: string): Promise<number> {
  const folder = process.cwd();
  const workspace = openWorkspace(repositoryAround(folder), folder);
  if (wishes.shard !== undefined) refuseUnmergeable(wishes);
  const files = openReportFiles(wishes, folder);
  const history = openHistory(wishes, files.history, workspace.root);
  const suite = await readConfig({ ...wishes, speaker: SPEAKER }, workspace);
  refuseReadFiles(files, [wishes.config ?? DEFAULT_CONFIG, ...suite.gates.flatMap(filesOf)], folder);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const options = { workspace, threads: wishes.threads, logger, version };
  if (wishes.shard !== undefined) return runShard(suite, wishes.shard, wishes.json, files, options);
  const report = await runGates(suite.gates, options);
  putReport(report, files, wishes);
  await history?.keep(report, logger);
  return exitStatus(report.conclusion);
}

/** @returns 0: nothing is judged here */
async function runShard(
  suite: Suite,
  shard: NonNullable<RunWishes['shard']>,
  json: boolean,
  { report }: ReportFiles,
  options: RunOptions,
): Promise<number> {
  const text = renderShard(await measureShard(suite, shard, options));
  report?.write(text);
  if (json) process.stdout.write(text);
  return 0;
}

const SHOWS_A_REPORT = ['markdown', 'html', 'junit', 'plots', 'format'] as const;

/** What a shard measures is lost unless it is written, and there is no report to show yet. */
function refuseUnmergeable(wishes: RunWishes): void {
  if (wishes.historyFile !== undefined) {
    throw new ConfigurationError(
      '--history-file keeps a verdict, and a shard has none yet. Leave it out here, and give it to "fusion-gate merge".',
    );
  }
  const flag = SHOWS_A_REPORT.find((name) => wishes[name] !== undefined);
  if (flag !== undefined) {
    const spelling = flag === 'format' ? `--format ${wishes.format}` : `--${flag}`;
    throw new ConfigurationError(
      `${spelling} shows a report, and a shard has none yet. Leave it out here, and give it to "fusion-gate merge".`,
    );
  }
  if (wishes.report !== undefined || wishes.json) return;
  throw new ConfigurationError(
    '--shard needs --report, the file for "fusion-gate merge" to read. Name one, such as --report shard-1.json.',
  );
}

function filesOf({ candidate, evaluationSet, permutations }: GateConfig): string[] {
  const own = candidate.kind === 'model' ? [candidate.path, candidate.head] : [candidate.rule.weights];
  return [...own, evaluationSet, permutations.bank?.path].filter((path) => path !== undefined);
}
