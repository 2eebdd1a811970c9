import * as core from '@actions/core';

import type { Logger } from '../foundation/logger.ts';
import { exitStatus } from '../report/conclusion.ts';
import type { RunReport } from '../report/gate-report.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Past } from '../report/past.ts';
import type { CommentMode } from './comment.ts';
import { commentRoom, putComment } from './comment.ts';
import { describeFailure, readFailure } from './failure.ts';
import type { Octokit } from './identity.ts';
import { MAX_SUMMARY_LENGTH, writeJobSummary } from './job-summary.ts';
import { outputsOf } from './outputs.ts';
import type { PullRequest } from './pull-request.ts';
import { pullRequestOfEvent } from './pull-request.ts';
import { GaveUp, withRetries } from './retry.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** How the user wants a report published. */
export interface Wishes {
  /** Identity of the comment. */
  readonly name: string;
  /** Where the report file lies, as later steps should read it. */
  readonly reportPath: string;
  readonly comment: CommentMode;
  readonly token: string;
  /** Undefined: the pull request of the event, if it has one. */
  readonly pullRequest: number | undefined;
  /** What earlier runs found, where a history is kept. */
  readonly past?: Past;
}

/**
 * Publishes a report in a workflow run: outputs, job summary, then the pull request comment.
 *
 * Best effort: whatever GitHub refuses becomes one warning that says what is missing. It never throws and decides
 * nothing: the verdict is the report's alone. Writing the report file is left to the door, before this.
 */
export async function publish(report: RunReport, wishes: Wishes, logger: Logger): Promise<void> {
  const attempt = (what: string, work: () => void | Promise<void>) =>
    bestEffort(what, work, wishes.token, logger);
  await attempt('The outputs were not set', () => {
    setOutputs(outputsOf(report, wishes.reportPath));
  });
  await attempt('The job summary was not written', () =>
    writeJobSummary(markdown(report, MAX_SUMMARY_LENGTH, wishes.past), logger),
  );
  if (wishes.comment === 'never') return;
  await attempt('The pull request comment was not written', async () => {
    const address = await publishComment(report, wishes, logger);
    if (address !== undefined) setOutputs({ 'comment-url': address });
  });
}

async function bestEffort(
  what: string,
  work: () => void | Promise<void>,
  token: string,
  logger: Logger,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const why = error instanceof CommentRefused ? error.message : `${readFailure(error).message}.`;
    // What a network layer says may quote the request, and the request holds the token.
    logger.warning(`${what}: ${token === '' ? why : why.replaceAll(token, '***')}`);
  }
}

function setOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** The report with a link back to the run that made it. */
function markdown(report: RunReport, limit: number, past: Past | undefined): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const address = server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
  return renderMarkdown(report, { limit, past, ...(address !== undefined && { links: { run: address } }) });
}

/** A sentence that says why there is no comment and what mends it. */
class CommentRefused extends Error {}

async function publishComment(
  report: RunReport,
  wishes: Wishes,
  logger: Logger,
): Promise<string | undefined> {
  if (!/^[\x21-\x7e]+$/.test(wishes.token)) {
    throw new CommentRefused(
      `the input "github-token" ${wishes.token === '' ? 'is empty' : 'holds characters that no token has'}; leave it out to use the workflow's own.`,
    );
  }
  // Imported only here: it reads the environment and the event file as it loads, and throws on a broken one.
  const { context, getOctokit } = await import('@actions/github');
  const number = wishes.pullRequest ?? pullRequestOfEvent(context.payload);
  if (number === undefined) {
    logger.info('No pull request comment: this run belongs to no pull request, and "pr-number" names none.');
    return undefined;
  }
  const pullRequest: PullRequest = { ...context.repo, number };
  const octokit = impatient(getOctokit(wishes.token));
  const sticky = {
    pullRequest,
    name: wishes.name,
    markdown: markdown(report, commentRoom(wishes.name), wishes.past),
    // A comment that reported a failure is brought up to date when the failure is gone.
    create: wishes.comment === 'always' || exitStatus(report.conclusion) !== 0,
  };
  try {
    return await withRetries(() => putComment(octokit, sticky));
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error;
    throw new CommentRefused(describeFailure(error.failure, pullRequest, error.tries));
  }
}

/** Octokit itself waits for an answer for ever. */
export function impatient(octokit: Octokit): Octokit {
  octokit.hook.before('request', ({ request }) => {
    request.signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  });
  return octokit;
}
