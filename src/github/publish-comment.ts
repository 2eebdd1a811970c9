import type { Logger } from '../foundation/logger.ts';
import { exitStatus } from '../report/conclusion.ts';
import type { RunReport } from '../report/gate-report.ts';
import { ask, isDenied } from './ask.ts';
import type { CommentMode } from './comment.ts';
import { commentRoom, putComment } from './comment.ts';
import { commentErrand, lookUpErrand } from './errands.ts';
import { linkedMarkdown } from './linked-markdown.ts';
import { connect, type Connection } from './octokit.ts';
import { findPullRequest } from './pull-request.ts';

/** How the user wants to be told on the pull request. */
export interface CommentWishes {
  /** Identity of the comment. */
  readonly name: string;
  readonly comment: CommentMode;
  readonly token: string;
  /** Undefined: the pull request that the run is about, if there is one. */
  readonly pullRequest: number | undefined;
}

/**
 * Writes the comment where the run belongs to a pull request.
 *
 * @returns its address; undefined where none was to be written
 * @throws Refused
 */
export async function publishComment(
  report: RunReport,
  wishes: CommentWishes,
  logger: Logger,
): Promise<string | undefined> {
  const connection = await connect(wishes.token);
  const number = wishes.pullRequest ?? (await lookUp(connection, logger));
  if (number === undefined) return undefined;
  const pullRequest = { ...connection.repository, number };
  return ask(commentErrand(pullRequest), () =>
    putComment(connection.octokit, {
      pullRequest,
      name: wishes.name,
      markdown: linkedMarkdown(report, commentRoom(wishes.name)),
      // A comment that reported a failure is brought up to date when the failure is gone.
      create: wishes.comment === 'always' || exitStatus(report.conclusion) !== 0,
    }),
  );
}

/** The pull request of a run for which the user named none. */
async function lookUp(
  { octokit, repository, occasion }: Connection,
  logger: Logger,
): Promise<number | undefined> {
  const none = 'No pull request comment: ';
  try {
    const number = await ask(lookUpErrand(repository), () => findPullRequest(octokit, repository, occasion));
    if (number === undefined)
      logger.info(`${none}this run belongs to no open pull request, and "pr-number" names none.`);
    return number;
  } catch (error) {
    // Nobody asked for a comment on a push: a token that may not look for a pull request is no mistake.
    if (!isDenied(error)) throw error;
    logger.info(`${none}${(error as Error).message}`);
    return undefined;
  }
}
