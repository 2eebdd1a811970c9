import type { Logger } from '../foundation/logger.ts';
import { exitStatus } from '../report/conclusion.ts';
import type { RunReport } from '../report/gate-report.ts';
import type { Past } from '../report/past.ts';
import { ask, isDenied, Refused } from './ask.ts';
import { bestEffort } from './best-effort.ts';
import { commentRoom } from './comment-marker.ts';
import { type CommentMode, putComment, type WrittenComment } from './comment.ts';
import { commentErrand, lookUpErrand } from './errands.ts';
import { readFailure } from './failure.ts';
import { setHidden } from './hide-comment.ts';
import { allPass } from './joined-body.ts';
import { putPart } from './joined-comment.ts';
import { leaveNote } from './leave-note.ts';
import { linkedMarkdown } from './linked-markdown.ts';
import { connect, type Connection, type Octokit } from './octokit.ts';
import { findPullRequest, type PullRequest } from './pull-request.ts';

/** What a comment is to be. */
export interface CommentForm {
  /** Identity of the comment, or of a part of the one that a group shares. */
  readonly name: string;
  /** Undefined: a comment of its own. */
  readonly group: string | undefined;
  readonly comment: CommentMode;
}

/** How the user wants to be told on the pull request. */
export interface CommentWishes extends CommentForm {
  readonly token: string;
  /** Undefined: the pull request that the run is about, if there is one. */
  readonly pullRequest: number | undefined;
  /** What earlier runs found, where a history is kept. */
  readonly past?: Past;
  /** Of the report, where it was uploaded. */
  readonly reportAddress?: string;
}

/**
 * Writes the comment where the run belongs to a pull request. Where that comes from a fork, and the token may only read, the
 * comment is left for another workflow.
 *
 * @returns its address; undefined where none was to be written, or could be
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
  const render = (limit: number) =>
    linkedMarkdown(report, limit, { past: wishes.past, report: wishes.reportAddress });
  const { octokit, occasion } = connection;
  const write = { octokit, pullRequest, commit: occasion.head, form: wishes, report, render };
  try {
    return await writeComment(write, wishes.token, logger);
  } catch (error) {
    if (!occasion.isReadOnly || !(error instanceof Refused) || !isDenied(error)) throw error;
    await leaveForAnother(wishes, report, error, logger);
    return undefined;
  }
}

/** @throws Refused where it could not be left either */
async function leaveForAnother(
  form: CommentForm,
  report: RunReport,
  refused: Refused,
  logger: Logger,
): Promise<void> {
  try {
    const artefact = await leaveNote(form, report);
    logger.info(
      `The token of this pull request may not write. Its comment is left in the artefact ${artefact}, for a workflow with fusion-gate/comment to post.`,
    );
  } catch (error) {
    const { message } = readFailure(error);
    throw new Refused(`${refused.message} It could not be left for another workflow either (${message}).`);
  }
}

/** A report as a comment on a pull request. */
export interface CommentToWrite {
  readonly octokit: Octokit;
  readonly pullRequest: PullRequest;
  /** The commit that was measured. */
  readonly commit: string;
  readonly form: CommentForm;
  readonly report: RunReport;
  /** Its Markdown, in at most that many characters. */
  readonly render: (limit: number) => string;
}

/**
 * Writes or updates a comment. With `on-failure` it is folded away once all is well, and unfolded when it is not.
 *
 * @returns its address; undefined where none was to be written
 * @throws Refused
 */
export async function writeComment(
  write: CommentToWrite,
  token: string,
  logger: Logger,
): Promise<string | undefined> {
  const { octokit, pullRequest, form } = write;
  const errand = commentErrand(pullRequest);
  const written = await ask(errand, () => put(write));
  if (written === undefined) return undefined;
  if (form.comment === 'on-failure' && !written.isNew) {
    const hide = () => ask(errand, () => setHidden(octokit, written.nodeId, written.passes));
    const what = `The comment was not ${written.passes ? 'folded away' : 'unfolded'}`;
    await bestEffort(what, hide, token, logger);
  }
  return written.address;
}

/** `passes` is whether nothing in the comment asks for attention. */
async function put({
  octokit,
  pullRequest,
  commit,
  form: { name, group, comment },
  report: { conclusion },
  render,
}: CommentToWrite): Promise<(WrittenComment & { readonly passes: boolean }) | undefined> {
  const passes = exitStatus(conclusion) === 0;
  // A comment that reported a failure is brought up to date when the failure is gone.
  const create = comment === 'always' || !passes;
  if (group === undefined) {
    const markdown = render(commentRoom(name));
    const written = await putComment(octokit, { pullRequest, name, markdown, create });
    return written && { ...written, passes };
  }
  const written = await putPart(octokit, { pullRequest, group, name, conclusion, commit, render, create });
  return written && { ...written, passes: allPass(written.parts) };
}

/** The pull request of a run for which the user named none. */
async function lookUp(
  { octokit, repository, occasion }: Connection,
  logger: Logger,
): Promise<number | undefined> {
  const none = 'No pull request comment: ';
  try {
    const found = await ask(lookUpErrand(repository), () => findPullRequest(octokit, repository, occasion));
    if (found === undefined)
      logger.info(`${none}this run belongs to no open pull request, and "pr-number" names none.`);
    return found?.number;
  } catch (error) {
    // Nobody asked for a comment on a push: a token that may not look for a pull request is no mistake.
    if (!isDenied(error)) throw error;
    logger.info(`${none}${(error as Error).message}`);
    return undefined;
  }
}
