import type { Octokit } from './octokit.ts';
import type { Repository } from './occasion.ts';

/** An issue of ours. */
export interface OwnIssue {
  readonly number: number;
  readonly address: string;
  readonly body: string;
}

/** What an issue says. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

interface RestIssue {
  readonly number: number;
  readonly html_url: string;
  readonly body?: string | null;
  readonly pull_request?: unknown;
  readonly user: { readonly login: string } | null;
}

/**
 * The issues that start with the marker and that `login` wrote, the oldest first. Anybody can copy a marker.
 *
 * @param since ISO 8601: only those that changed since then
 * @throws what Octokit throws
 */
export async function ownIssues(
  octokit: Octokit,
  repository: Repository,
  login: string,
  { marker, state, since }: { marker: string; state: 'open' | 'closed'; since?: string },
): Promise<OwnIssue[]> {
  const all = await octokit.paginate(octokit.rest.issues.listForRepo, {
    ...repository,
    state,
    creator: login,
    ...(since !== undefined && { since }),
    per_page: 100,
  });
  return all
    .filter(({ user, body, pull_request: pull }) => {
      return pull === undefined && user?.login === login && body?.startsWith(marker);
    })
    .map(asOwn)
    .sort((a, b) => a.number - b.number);
}

export async function createIssue(
  octokit: Octokit,
  repository: Repository,
  text: IssueText,
): Promise<OwnIssue> {
  return asOwn((await octokit.rest.issues.create({ ...repository, ...text })).data);
}

export async function updateIssue(
  octokit: Octokit,
  repository: Repository,
  { number }: OwnIssue,
  text: IssueText,
): Promise<void> {
  await octokit.rest.issues.update({ ...repository, issue_number: number, ...text });
}

/** What is said last is said in the body, so that it is never said without the closing, or twice. */
export async function closeIssue(
  octokit: Octokit,
  repository: Repository,
  { number }: OwnIssue,
  body: string,
  reason: 'completed' | 'not_planned',
): Promise<void> {
  await octokit.rest.issues.update({
    ...repository,
    issue_number: number,
    body,
    state: 'closed',
    state_reason: reason,
  });
}

function asOwn({ number, html_url: address, body }: RestIssue): OwnIssue {
  return { number, address, body: body ?? '' };
}
