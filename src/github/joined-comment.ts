import { groupMarker } from './comment-marker.ts';
import type { WrittenComment } from './comment.ts';
import { holdsPart, joinedBody, type Part, type Parts, partsOf, withPart } from './joined-body.ts';
import type { Octokit } from './octokit.ts';
import {
  createComment,
  type OwnComment,
  ownComments,
  removeComments,
  updateComment,
} from './own-comments.ts';
import type { PullRequest } from './pull-request.ts';
import { sleep } from './retry.ts';

/** What one job says in a comment that several share. */
export interface JoinedComment {
  readonly pullRequest: PullRequest;
  readonly group: string;
  readonly name: string;
  readonly conclusion: Part['conclusion'];
  /** That it was measured at. */
  readonly commit: string;
  /** Its Markdown, in at most that many characters. */
  readonly render: (limit: number) => string;
  /** False: a pull request that has no such comment gets none. */
  readonly create: boolean;
}

/** A joined comment as it stood when it was left. */
export interface WrittenPart extends WrittenComment {
  readonly parts: Parts;
}

/** How often a job must find its part in its place, in a row, before it leaves. */
const CLEAN_READS = 2;
const MAX_ROUNDS = 15;
const PAUSE_MS = 1500;

/**
 * Puts the part of one job into the comment that its group shares, and leaves the others' in their places.
 *
 * A comment has no compare-and-swap: of two jobs that read, add and write at the same time, the later undoes the earlier.
 * So each job looks again after a pause of its own, repairs what is missing, its own part and any other that it has seen,
 * and leaves once it has found all in place twice in a row. A part can then only be lost to a write that began before it
 * and took longer than both pauses, and until the next run. Comments that were doubled in a race are joined in the oldest.
 *
 * @returns undefined when there is no comment and none was to be created
 * @throws what Octokit throws; Error where the comment does not come to rest
 */
export async function putPart(
  octokit: Octokit,
  comment: JoinedComment,
  pause = sleep,
): Promise<WrittenPart | undefined> {
  const { pullRequest, group, name } = comment;
  let seen: Parts = new Map();
  let clean = 0;
  let isNew = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const own = await ownComments(octokit, pullRequest, groupMarker(group));
    if (own.length === 0 && !comment.create) return undefined;
    isNew ||= own.length === 0;
    const found = partsOf(own.at(0)?.body ?? '');
    seen = merged([...own.map(({ body }) => partsOf(body)), seen]);
    const wanted = withPart(group, seen, name, comment);
    if (own.length === 1 && isAtRest(found, wanted, comment)) {
      clean++;
      if (clean === CLEAN_READS) return { ...own[0], isNew, parts: found };
    } else {
      clean = 0;
      await write(octokit, pullRequest, own, joinedBody(group, wanted));
    }
    await pause(PAUSE_MS * (0.75 + Math.random() / 2));
  }
  throw new Error(`too many jobs write to the comment of the group "${group}" at the same time`);
}

/** The first has the say where several know a part: what stands in the oldest comment, then in others, then what was seen. */
function merged(sources: readonly Parts[]): Parts {
  return new Map(sources.toReversed().flatMap((parts) => [...parts]));
}

/** Whether all parts are there, and this job's as it wants it. */
function isAtRest(found: Parts, wanted: Parts, { name }: JoinedComment): boolean {
  return holdsPart(found, name, wanted) && [...wanted.keys()].every((key) => found.has(key));
}

async function write(
  octokit: Octokit,
  pullRequest: PullRequest,
  own: readonly OwnComment[],
  body: string,
): Promise<void> {
  const [oldest, duplicates] = [own.at(0), own.slice(1)];
  if (oldest === undefined) {
    await createComment(octokit, pullRequest, body);
    return;
  }
  // Where it has been deleted meanwhile, the next round finds none and writes one.
  const updated = await updateComment(octokit, pullRequest, oldest, body);
  if (updated !== undefined) await removeComments(octokit, pullRequest, duplicates);
}
