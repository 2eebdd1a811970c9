import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { ask } from './ask.ts';
import { lookUpErrand } from './errands.ts';
import { fetchNotes } from './fetch-notes.ts';
import { linkedMarkdown } from './linked-markdown.ts';
import { connect } from './octokit.ts';
import { writeComment } from './publish-comment.ts';
import { findPullRequest } from './pull-request.ts';

/** What the numbers of such a comment are worth. */
const PROVENANCE =
  '\n\n<sub>Measured by a run of the pull request itself; whoever opened it could have changed how.</sub>';

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
 * names are taken, as the schema of the report allows them; the text is made anew.
 *
 * @throws ConfigurationError outside of `workflow_run`
 * @throws Refused
 */
export async function postNotes(token: string, logger: Logger): Promise<Posted> {
  const connection = await connect(token);
  const { octokit, repository, occasion, payload } = connection;
  const run = payload.workflow_run;
  if (run?.id === undefined) {
    throw new ConfigurationError(
      `This action posts what the run of another workflow left. Start its workflow "on: workflow_run", not on ${process.env.GITHUB_EVENT_NAME ?? 'nothing'}.`,
    );
  }
  const number = await ask(lookUpErrand(repository), () => findPullRequest(octokit, repository, occasion));
  if (number === undefined) {
    logger.info(`There is nothing to post: ${occasion.head} is the head of no open pull request.`);
    return { addresses: [], unread: 0 };
  }
  const found = await fetchNotes(connection, run.id);
  if (found.length === 0) logger.info('There is nothing to post: the run left no comment.');
  const addresses: string[] = [];
  for (const { artefact, note } of found) {
    if (note === undefined) {
      logger.error(`The artefact ${artefact} holds no comment of fusion-gate; nothing of it is posted.`);
      continue;
    }
    const { form, report } = note;
    const render = (limit: number) =>
      linkedMarkdown(report, limit - PROVENANCE.length, { address: run.html_url }) + PROVENANCE;
    const write = { octokit, pullRequest: { ...repository, number }, commit: occasion.head };
    const address = await writeComment({ ...write, form, report, render }, token, logger);
    if (address === undefined) continue;
    logger.info(`Posted ${address}`);
    addresses.push(address);
  }
  const unread = found.filter(({ note }) => note === undefined).length;
  return { addresses: [...new Set(addresses)], unread };
}
