import { ConfigurationError } from '../foundation/errors.ts';
import type { Octokit } from './octokit.ts';
import type { Commit, Occasion, Repository } from './occasion.ts';

/** Where a comment goes. */
export interface PullRequest extends Repository {
  readonly number: number;
}

/**
 * The `pr-number` input; undefined where it is empty.
 *
 * @throws ConfigurationError when it is not a positive whole number
 */
export function parsePullRequestNumber(input: string): number | undefined {
  const text = input.trim();
  if (text === '') return undefined;
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new ConfigurationError(
    `The input "pr-number" is "${text}"; it must be the number of a pull request, such as 42, or be left out.`,
  );
}

/** A pull request that a run was found to be about. */
export interface RunsPullRequest {
  readonly number: number;
  /** The commit of its base branch, where GitHub was asked. */
  readonly base?: string;
}

/**
 * The pull request that a run is about: the one that the event names, else the open one whose head is the commit.
 *
 * A pull request that has moved on since has another head, and is none: a newer run speaks to it. Where one commit is the
 * head of several, the oldest is taken.
 *
 * @returns undefined for a schedule, an issue, or a commit that is the head of no open pull request
 * @throws what Octokit throws
 */
export async function findPullRequest(
  octokit: Octokit,
  repository: Repository,
  { pullRequest, commit }: Occasion,
): Promise<RunsPullRequest | undefined> {
  if (pullRequest !== undefined) return { number: pullRequest };
  if (commit === undefined) return undefined;
  const pulls = await pullRequestsOf(octokit, repository, commit);
  const oldest = pulls
    .filter(({ state, head }) => state === 'open' && head.sha === commit.sha && isFrom(commit, head))
    .sort((a, b) => a.number - b.number)
    .at(0);
  return oldest && { number: oldest.number, base: oldest.base.sha };
}

interface Head {
  readonly sha: string;
  // GitHub has null here once a fork is deleted, whatever its description says.
  readonly repo: { readonly full_name: string } | null;
}

interface FoundPullRequest {
  readonly number: number;
  readonly state: string;
  readonly head: Head;
  readonly base: { readonly sha: string };
}

/**
 * GitHub does not know a fork's commits by the pull requests that they are in; there the branch leads to them. Its name is
 * the fork's choice, and decides nothing: the commit does.
 */
async function pullRequestsOf(
  octokit: Octokit,
  { owner, repo }: Repository,
  { sha, branch }: Commit,
): Promise<readonly FoundPullRequest[]> {
  if (branch === undefined) {
    const found = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      owner,
      repo,
      commit_sha: sha,
      per_page: 100,
    });
    return found.data;
  }
  const head = `${branch.owner}:${branch.name}`;
  const found = await octokit.rest.pulls.list({ owner, repo, state: 'open', head, per_page: 100 });
  return found.data;
}

function isFrom({ branch }: Commit, { repo }: Head): boolean {
  return branch === undefined || repo?.full_name === branch.repository;
}
