import * as core from '@actions/core';

import { readConfig } from './config/read-config.ts';
import type { Shard } from './diagnostic/shard.ts';
import { errorSentence, errorStack } from './foundation/error-sentence.ts';
import { ConfigurationError, didYouMean } from './foundation/errors.ts';
import { catchCrashes, exitWhenPrinted, ignoreClosedPipes } from './foundation/exit.ts';
import type { OutputFile } from './foundation/output-file.ts';
import type { Workspace } from './foundation/workspace.ts';
import { measureShard } from './gate.ts';
import { actionsLogger as logger } from './github/actions-logger.ts';
import type { CommentMode } from './github/comment.ts';
import { COMMENT_MODES } from './github/comment.ts';
import { bestEffort } from './github/best-effort.ts';
import { openCheckRun } from './github/check-run.ts';
import { keepHistory } from './github/keep-history.ts';
import { publish } from './github/publish.ts';
import { parsePullRequestNumber } from './github/pull-request.ts';
import { exitStatus } from './report/conclusion.ts';
import { renderHtml } from './report/html/page.ts';
import type { RunReport } from './report/gate-report.ts';
import { renderJson } from './report/json.ts';
import type { Past } from './report/past.ts';
import { renderShard } from './shards/shard-file.ts';
import { announce } from './step/announce.ts';
import { gatePlaces } from './step/gate-places.ts';
import { readHistoryInputs, type HistoryInputs } from './step/history-inputs.ts';
import { judgeStep } from './step/judge-step.ts';
import { keepInFile } from './step/keep-in-file.ts';
import { fromRoot, openStepFiles, type StepFiles } from './step/report-file.ts';
import {
  given,
  givenBoolean,
  openStepWorkspace,
  readShardNumber,
  readThreads,
  readWishes,
  SPEAKER,
} from './step/step-inputs.ts';
import { VERSION } from './version.ts';

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
  const [hasCheck, marksFiles, warnOnly] = ['check-run', 'annotations', 'warn-only'].map(givenBoolean);
  const shard = readShardNumber();
  const history = readHistoryInputs();
  const files = await openStepFiles(workspace);
  if (shard !== undefined) return runShard(shard, workspace, files);

  const token = core.getInput('github-token');
  const check = hasCheck ? openCheckRun(token) : undefined;
  const { report, name } = await judgeStep({ workspace, logger, version: VERSION, named: check?.begin });
  files.report.write(renderJson(report));
  files.html?.write(renderHtml(report));
  const past = await keepPast(report, { ...history, file: files.history }, token, workspace);
  await publish(
    report,
    {
      name: name ?? '',
      reportPath: fromRoot(files.report.path, workspace),
      // Under a guessed name an error would stay on the pull request for ever.
      comment: name === undefined ? 'never' : comment,
      group: given('comment-group'),
      token,
      pullRequest,
      past,
    },
    logger,
  );
  if (check !== undefined && name !== undefined) {
    const places = marksFiles ? await gatePlaces(report, workspace) : undefined;
    const complete = () => check.complete(name, report, { places, warnOnly });
    await bestEffort('The check was not written', complete, token, logger);
  }
  announce(report, logger, warnOnly);
  return warnOnly && report.conclusion === 'failure' ? 0 : exitStatus(report.conclusion);
}

/** Puts the run where its history is kept, if anywhere; the verdict stands whatever comes of it. */
async function keepPast(
  report: RunReport,
  { branch, file, limit }: Omit<HistoryInputs, 'file'> & { readonly file?: OutputFile },
  token: string,
  { root }: Workspace,
): Promise<Past | undefined> {
  if (branch !== undefined) return keepHistory(report, { branch, limit, token, version: VERSION }, logger);
  if (file === undefined || report.gates.length === 0) return undefined;
  try {
    return await keepInFile(report, file, limit, root, logger);
  } catch (error) {
    logger.warning(errorSentence(error));
    return undefined;
  }
}

/**
 * A part of the shuffles for the step that merges them. There is nothing to publish yet, and an error ends the step.
 *
 * @returns 0: nothing is judged here
 */
async function runShard(shard: Shard, workspace: Workspace, { report }: StepFiles): Promise<number> {
  const suite = await readConfig(readWishes(), workspace);
  const options = { workspace, threads: readThreads(), logger, version: VERSION };
  report.write(renderShard(await measureShard(suite, shard, options)));
  core.setOutput('report-path', fromRoot(report.path, workspace));
  return 0;
}

function readCommentMode(): CommentMode {
  const text = given('comment') ?? 'always';
  const mode = COMMENT_MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new ConfigurationError(
    `${SPEAKER.spell('comment')} must be always, on-failure or never, but is ${JSON.stringify(text)}.${didYouMean(text, COMMENT_MODES)}`,
  );
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
