import { loginOf } from './identity.ts';
import type { Octokit } from './octokit.ts';
import type { PullRequest } from './pull-request.ts';

/** GitHub refuses a longer comment with a 422. Counted in characters, the hidden marker included. */
export const MAX_COMMENT_LENGTH = 65_536;

export const COMMENT_MODES = ['always', 'on-failure', 'never'] as const;
export type CommentMode = (typeof COMMENT_MODES)[number];

/**
 * The hidden first line by which a later run finds its comment again.
 *
 * The name is percent-encoded, so that no name, not even `-->`, can end the HTML comment that it stands in.
 */
export function commentMarker(name: string): string {
  // A Buffer replaces lone surrogates, on which encodeURIComponent throws.
  const encoded = encodeURIComponent(Buffer.from(name).toString()).replaceAll('--', '%2D%2D');
  return `<!-- fusion-gate:comment:${encoded} -->`;
}

/** How many characters of Markdown fit under the marker of this name. */
export function commentRoom(name: string): number {
  return MAX_COMMENT_LENGTH - commentMarker(name).length - 1;
}

/** What to say, and where to say it. */
export interface StickyComment {
  readonly pullRequest: PullRequest;
  /** Two comments of different names stand side by side on one pull request. */
  readonly name: string;
  /** Markdown of at most `commentRoom(name)` characters. */
  readonly markdown: string;
  /** False: only an earlier comment is brought up to date, and a pull request that has none gets none. */
  readonly create: boolean;
}

/**
 * Brings the one comment of this name up to date, or writes it. Doing it twice is doing it once.
 *
 * The comment is ours when its first line is our marker *and* the token's own login wrote it: anybody can copy a marker,
 * and a token that may write can overwrite a stranger's words. A team that changes tokens gets a second comment.
 *
 * @returns the comment's address; undefined when there is none and none was to be created
 * @throws what Octokit throws
 */
export async function putComment(octokit: Octokit, comment: StickyComment): Promise<string | undefined> {
  const { owner, repo, number } = comment.pullRequest;
  const marker = commentMarker(comment.name);
  const body = `${marker}\n${comment.markdown}`;
  const earlier = await findOwnComment(octokit, comment.pullRequest, marker);
  if (earlier !== undefined) {
    const updated = await octokit.rest.issues.updateComment({ owner, repo, comment_id: earlier, body });
    return updated.data.html_url;
  }
  if (!comment.create) return undefined;
  const created = await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  return created.data.html_url;
}

/** The id of the oldest comment that starts with the marker and that this token's login wrote. */
async function findOwnComment(
  octokit: Octokit,
  { owner, repo, number }: PullRequest,
  marker: string,
): Promise<number | undefined> {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  let login: string | undefined;
  for await (const { data } of pages) {
    for (const { id, body, user } of data) {
      if (!body?.startsWith(marker)) continue;
      // Asked only now: on a pull request's first run there is nothing to compare with.
      login ??= await loginOf(octokit);
      if (user?.login === login) return id;
    }
  }
  return undefined;
}
