import { commentMarker } from './comment-marker.ts';
import type { Octokit } from './octokit.ts';
import {
  createComment,
  type OwnComment,
  ownComments,
  removeComments,
  updateComment,
} from './own-comments.ts';
import type { PullRequest } from './pull-request.ts';

export const COMMENT_MODES = ['always', 'on-failure', 'never'] as const;
export type CommentMode = (typeof COMMENT_MODES)[number];

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

/** A comment that was written. */
export interface WrittenComment extends OwnComment {
  /** It was not there before. */
  readonly isNew: boolean;
}

/**
 * Brings the one comment of this name up to date, or writes it. Doing it twice is doing it once.
 *
 * Of several the oldest stays. Two runs that start together may both find none and both write one; whoever wrote the later
 * one sees the earlier when it looks again, moves its words there and takes its own away.
 *
 * @returns undefined when there is none and none was to be created
 * @throws what Octokit throws
 */
export async function putComment(
  octokit: Octokit,
  comment: StickyComment,
): Promise<WrittenComment | undefined> {
  const { pullRequest } = comment;
  const marker = commentMarker(comment.name);
  const body = `${marker}\n${comment.markdown}`;
  const earlier = await updateOldest(octokit, pullRequest, marker, body);
  if (earlier !== undefined) return { ...earlier, isNew: false };
  if (!comment.create) return undefined;
  const created = await createComment(octokit, pullRequest, body);
  const own = await ownComments(octokit, pullRequest, marker);
  const isFirst = own.every(({ id }) => id >= created.id);
  const kept = isFirst ? created : await updateOldest(octokit, pullRequest, marker, body);
  return { ...(kept ?? created), isNew: true };
}

/** Updates the oldest comment that is still there, and removes its duplicates. */
async function updateOldest(
  octokit: Octokit,
  pullRequest: PullRequest,
  marker: string,
  body: string,
): Promise<OwnComment | undefined> {
  const own = await ownComments(octokit, pullRequest, marker);
  for (const [i, comment] of own.entries()) {
    const updated = await updateComment(octokit, pullRequest, comment, body);
    if (updated === undefined) continue;
    await removeComments(octokit, pullRequest, own.slice(i + 1));
    return updated;
  }
  return undefined;
}
