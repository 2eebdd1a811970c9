import { readFailure } from './failure.ts';
import { loginOf } from './identity.ts';
import type { Octokit } from './octokit.ts';
import type { PullRequest } from './pull-request.ts';

/** A comment of ours on a pull request. */
export interface OwnComment {
  readonly id: number;
  readonly nodeId: string;
  readonly address: string;
  readonly body: string;
}

interface RestComment {
  readonly id: number;
  readonly node_id: string;
  readonly html_url: string;
  readonly body?: string;
}

/**
 * The comments that start with the marker and that this token's login wrote, the oldest first.
 *
 * A comment is ours when its first line is our marker *and* the token's own login wrote it: anybody can copy a marker, and
 * a token that may write can overwrite a stranger's words. A team that changes tokens gets a second comment.
 *
 * @throws what Octokit throws
 */
export async function ownComments(
  octokit: Octokit,
  { owner, repo, number }: PullRequest,
  marker: string,
): Promise<OwnComment[]> {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  const found: OwnComment[] = [];
  let login: string | undefined;
  for await (const { data } of pages) {
    for (const comment of data) {
      if (!comment.body?.startsWith(marker)) continue;
      // Asked only now: on a pull request's first run there is nothing to compare with.
      login ??= await loginOf(octokit);
      if (comment.user?.login === login) found.push(asOwn(comment));
    }
  }
  return found.sort((a, b) => a.id - b.id);
}

export async function createComment(
  octokit: Octokit,
  { owner, repo, number }: PullRequest,
  body: string,
): Promise<OwnComment> {
  const { data } = await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  return asOwn(data);
}

/** @returns undefined where the comment has been deleted since it was found */
export async function updateComment(
  octokit: Octokit,
  { owner, repo }: PullRequest,
  { id }: OwnComment,
  body: string,
): Promise<OwnComment | undefined> {
  const updated = await unlessGone(octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body }));
  return updated && asOwn(updated.data);
}

/** Comments that are already gone are none that need be removed. */
export async function removeComments(
  octokit: Octokit,
  { owner, repo }: PullRequest,
  comments: readonly OwnComment[],
): Promise<void> {
  for (const { id } of comments) {
    await unlessGone(octokit.rest.issues.deleteComment({ owner, repo, comment_id: id }));
  }
}

async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (readFailure(error).status === 404) return undefined;
    throw error;
  }
}

function asOwn({ id, node_id: nodeId, html_url: address, body = '' }: RestComment): OwnComment {
  return { id, nodeId, address, body };
}
