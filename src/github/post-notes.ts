import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { pastOf } from '../history/past-of.ts';
import { ask } from './ask.ts';
import { lookUpErrand } from './errands.ts';
import { fetchNotes } from './fetch-notes.ts';
import { readHistory } from './keep-history.ts';
import { linkedMarkdown, type Surroundings } from './linked-markdown.ts';
import { connect } from './octokit.ts';
import { writeComment } from './publish-comment.ts';
import { findPullRequest } from './pull-request.ts';

/** What the numbers of such a comment are worth. */
const PROVENANCE =
  '\n\n<sub>Measured by a run of the pull request itself; whoever opened it could have changed how.</sub>';

export interface PostWishes {
  readonly token: string;
  /** The branch that keeps the history; undefined: comments tell nothing of earlier runs. */
  readonly historyBranch: string | undefined;
}

/** What came of the notes of a run. */
export interface Posted {
  /** Of the comments that were written, in the order of the notes; those of a group share one. */
  readonly addresses: readonly string[];
  /** How many artefacts held no comment that could be posted. */
  readonly unread: number;
}

/**
 * Posts the comments that the run of another workflow left, because its token could not.
 *
 * The pull request is the one whose head is the commit that GitHub says the run was for. Of what was left only numbers and
 * names are taken, as the schema of the report allows them; the text is made anew. What it tells of earlier runs is read
 * from the history here, which no pull request can write.
 *
 * @throws ConfigurationError outside of `workflow_run`
 * @throws Refused
 */
export async function postNotes({ token, historyBranch }: PostWishes, logger: Logger): Promise<Posted> {
  const connection = await connect(token);
  const { octokit, repository, occasion, payload } = connection;
  const run = payload.workflow_run;
  if (run?.id === undefined) {
    throw new ConfigurationError(
      `This action posts what the run of another workflow left. Start its workflow "on: workflow_run", not on ${process.env.GITHUB_EVENT_NAME ?? 'nothing'}.`,
    );
  }
  const pull = await ask(lookUpErrand(repository), () => findPullRequest(octokit, repository, occasion));
  if (pull === undefined) {
    logger.info(`There is nothing to post: ${occasion.head} is the head of no open pull request.`);
    return { addresses: [], unread: 0 };
  }
  const found = await fetchNotes(connection, run.id);
  if (found.length === 0) logger.info('There is nothing to post: the run left no comment.');
  const isPosting = historyBranch !== undefined && found.some(({ note }) => note !== undefined);
  const records = isPosting ? await readHistory(historyBranch, token, logger) : [];
  const past = pastOf(records, occasion.head, pull.base);
  const addresses: string[] = [];
  for (const { artefact, note, report: uploaded } of found) {
    if (note === undefined) {
      logger.error(`The artefact ${artefact} holds no comment of fusion-gate; nothing of it is posted.`);
      continue;
    }
    const { form, report } = note;
    const surroundings = { past, ...addressesOf(run.html_url, uploaded) };
    const render = (limit: number) =>
      linkedMarkdown(report, limit - PROVENANCE.length, surroundings) + PROVENANCE;
    const pullRequest = { ...repository, number: pull.number };
    const write = { octokit, pullRequest, commit: occasion.head };
    const address = await writeComment({ ...write, form, report, render }, token, logger);
    if (address === undefined) continue;
    logger.info(`Posted ${address}`);
    addresses.push(address);
  }
  const unread = found.filter(({ note }) => note === undefined).length;
  return { addresses: [...new Set(addresses)], unread };
}

/** Where the run, and the report that it has uploaded, can be looked at. */
function addressesOf(
  run: string | undefined,
  report: number | undefined,
): Pick<Surroundings, 'address' | 'report'> {
  return run === undefined || report === undefined
    ? { address: run }
    : { address: run, report: `${run}/artifacts/${report}` };
}
