import * as core from '@actions/core';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

import { INPUTS, parseList } from './config/inputs.ts';
import type { Speaker, Wishes } from './config/read-config.ts';
import { guessName, readConfig } from './config/read-config.ts';
import { parseThreadCount } from './config/thread-count.ts';
import { errorSentence, errorStack } from './foundation/error-sentence.ts';
import { ConfigurationError, didYouMean, enumerate } from './foundation/errors.ts';
import { catchCrashes, exitWhenPrinted, ignoreClosedPipes } from './foundation/exit.ts';
import type { OutputFile } from './foundation/output-file.ts';
import { openOutputFile } from './foundation/output-file.ts';
import type { Workspace } from './foundation/workspace.ts';
import { openWorkspace } from './foundation/workspace.ts';
import { measureShard, mergeShards, runGates, type RunOptions } from './gate.ts';
import { actionsLogger as logger } from './github/actions-logger.ts';
import type { CommentMode } from './github/comment.ts';
import { COMMENT_MODES } from './github/comment.ts';
import { publish } from './github/publish.ts';
import { parsePullRequestNumber } from './github/pull-request.ts';
import { exitStatus } from './report/conclusion.ts';
import type { RunReport } from './report/gate-report.ts';
import { renderJson } from './report/json.ts';
import { renderText } from './report/text.ts';
import { readShards } from './shards/read-shards.ts';
import { renderShard } from './shards/shard-file.ts';
import { parseShardNumber, type Shard } from './shards/shard-number.ts';
import { VERSION } from './version.ts';

/** GitHub shows ten errors of a step, and drops the rest. */
const MAX_ERRORS = 10;

const SPEAKER: Speaker = { document: 'The step', spell: (input) => `with: ${input}` };

/** What came of the gates: a report in any case, and the name of its comment where it could be told. */
interface Outcome {
  readonly report: RunReport;
  readonly name?: string;
}

/**
 * Judges and publishes: report file, outputs, job summary and comment, and the verdict last. A shard is only measured.
 *
 * @returns the exit status
 * @throws ConfigurationError where an input says how to publish and cannot be understood
 */
async function run(): Promise<number> {
  const workspace = await openStepWorkspace();
  const comment = readCommentMode();
  const pullRequest = parsePullRequestNumber(core.getInput('pr-number'));
  const shard = readShardNumber();
  const file = await openReportFile(workspace);
  if (shard !== undefined) return runShard(shard, workspace, file);

  const { report, name } = await judge(workspace);
  file.write(renderJson(report));
  await publish(
    report,
    {
      name: name ?? '',
      reportPath: fromRoot(file.path, workspace),
      // Under a guessed name an error would stay on the pull request for ever.
      comment: name === undefined ? 'never' : comment,
      token: core.getInput('github-token'),
      pullRequest,
    },
    logger,
  );
  announce(report);
  return exitStatus(report.conclusion);
}

/**
 * A part of the shuffles for the step that merges them. There is nothing to publish yet, and an error ends the step.
 *
 * @returns 0: nothing is judged here
 */
async function runShard(shard: Shard, workspace: Workspace, file: OutputFile): Promise<number> {
  const suite = await readConfig(readWishes(), workspace);
  file.write(renderShard(await measureShard(suite, shard, runOptions(workspace))));
  core.setOutput('report-path', fromRoot(file.path, workspace));
  return 0;
}

function runOptions(workspace: Workspace): RunOptions {
  const threads = given('threads');
  return {
    workspace,
    threads: threads === undefined ? undefined : parseThreadCount(threads, SPEAKER.spell('threads')),
    logger,
    version: VERSION,
  };
}

/** Never throws: what the user has to mend, and even a bug, is a report that says so. */
async function judge(workspace: Workspace): Promise<Outcome> {
  const wishes = readWishes();
  const merge = given('merge');
  let name: string | undefined;
  const named = (found: string): void => {
    name = found;
  };
  try {
    const report = await (merge === undefined
      ? runAll(wishes, workspace, named)
      : mergeAll(merge, workspace, named));
    // A report that does not fit its own schema is a bug too.
    renderJson(report);
    return { report, name };
  } catch (error) {
    debugStack(error);
    const tool = { name: 'fusion-gate', version: VERSION } as const;
    const report: RunReport = {
      version: 1,
      tool,
      conclusion: 'error',
      error: errorSentence(error),
      gates: [],
    };
    return { report, name: name ?? (merge === undefined ? await guessName(wishes, workspace) : undefined) };
  }
}

/** @param named is told the name of the comment as soon as it is known */
async function runAll(
  wishes: Wishes,
  workspace: Workspace,
  named: (name: string) => void,
): Promise<RunReport> {
  const suite = await readConfig(wishes, workspace);
  named(suite.name);
  return runGates(suite.gates, runOptions(workspace));
}

async function mergeAll(
  merge: string,
  workspace: Workspace,
  named: (name: string) => void,
): Promise<RunReport> {
  refuseBesideMerge();
  const shards = await readShards(parseList(merge, SPEAKER.spell('merge')), workspace);
  named(shards[0].file.name);
  return mergeShards(shards, VERSION);
}

/** What says how to measure would say it too late. */
function refuseBesideMerge(): void {
  const others = ['config', 'gate', 'threads', ...INPUTS.map(({ name }) => name)].filter(
    (name) => given(name) !== undefined,
  );
  if (others.length === 0) return;
  throw new ConfigurationError(
    `${SPEAKER.spell('merge')} judges what was measured before. Leave out ${enumerate(others.map(SPEAKER.spell))} here, and say it in the steps that measure.`,
  );
}

/** The numbers into the log; errors and warnings where GitHub shows them, beside the job. */
function announce(report: RunReport): void {
  if (report.error !== undefined) logger.error(report.error);
  if (report.gates.length > 0) logger.info(renderText(report, { colour: false }));
  const failed = report.gates.filter(({ conclusion }) => exitStatus(conclusion) !== 0);
  const shown = failed.length > MAX_ERRORS ? failed.slice(0, MAX_ERRORS - 1) : failed;
  for (const { name, verdict, reason, advice } of shown) {
    logger.error(`${name} is ${verdict}. ${reason} ${advice}`);
  }
  if (shown.length < failed.length) {
    logger.error(`${failed.length - shown.length} more gates did not pass; the job summary has all of them.`);
  }
  for (const { name, conclusion, reason } of report.gates) {
    if (conclusion === 'inconclusive') logger.warning(`${name} is inconclusive. ${reason}`);
  }
}

/** An input as text, or undefined where it is left out: to the runner the two are one. */
function given(name: string): string | undefined {
  return core.getInput(name) || undefined;
}

function readWishes(): Wishes {
  const gate = given('gate');
  return {
    config: given('config'),
    gates: gate === undefined ? [] : [gate],
    inputs: Object.fromEntries(INPUTS.map(({ name }) => [name, given(name)])),
    allowHosts: given('allow-hosts'),
    allowCommand: given('allow-command'),
    speaker: SPEAKER,
  };
}

function readShardNumber(): Shard | undefined {
  const text = given('shard');
  if (text === undefined) return undefined;
  if (given('merge') === undefined) return parseShardNumber(text, SPEAKER.spell('shard'));
  throw new ConfigurationError(
    `${SPEAKER.spell('shard')} measures and ${SPEAKER.spell('merge')} judges. Give each a step of its own.`,
  );
}

function readCommentMode(): CommentMode {
  const text = given('comment') ?? 'always';
  const mode = COMMENT_MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new ConfigurationError(
    `${SPEAKER.spell('comment')} must be always, on-failure or never, but is ${JSON.stringify(text)}.${didYouMean(text, COMMENT_MODES)}`,
  );
}

async function openStepWorkspace(): Promise<Workspace> {
  const workspace = openWorkspace(realpathSync(process.env.GITHUB_WORKSPACE ?? process.cwd()));
  const folder = given('working-directory');
  if (folder === undefined) return workspace;
  return workspace.at(await workspace.locate(folder, 'working-directory', 'folder'));
}

/**
 * The report file; its folder is made where it is missing.
 *
 * The path is the workflow's and may lead anywhere, such as the runner's folder for temporary files. What lies in the
 * workspace is a stranger's: a link in it must not lead the report out.
 */
async function openReportFile(workspace: Workspace): Promise<OutputFile> {
  const path = given('report-path') ?? 'fusion-gate-report.json';
  const folder = dirname(resolve(workspace.base, path));
  if (isInside(folder, workspace.root)) {
    let existing = folder;
    while (!existsSync(existing)) existing = dirname(existing);
    await workspace.locate(relative(workspace.base, existing) || '.', 'folder of report-path', 'folder');
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ConfigurationError(
      `${SPEAKER.spell('report-path')} is "${path}", but its folder could not be made: ${(error as Error).message}.`,
    );
  }
  return openOutputFile(path, workspace.base, SPEAKER.spell('report-path'));
}

/** As later steps read it: they start in the workspace. */
function fromRoot(path: string, { root }: Workspace): string {
  return isInside(path, root) ? relative(root, path).split(sep).join('/') : path;
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep);
}

function debugStack(error: unknown): void {
  const stack = errorStack(error);
  if (stack !== undefined) logger.debug(stack);
}

/** For what happens before there is a report, or after it. */
function fail(error: unknown): number {
  debugStack(error);
  core.setOutput('conclusion', 'error');
  logger.error(errorSentence(error));
  return 2;
}

ignoreClosedPipes();
catchCrashes(fail);
exitWhenPrinted(await run().catch(fail));
