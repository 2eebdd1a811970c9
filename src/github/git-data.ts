import { Buffer } from 'node:buffer';

import { readFailure } from './failure.ts';
import type { Octokit } from './octokit.ts';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** A branch as it was when it was looked at. */
export interface Snapshot {
  readonly commit: string;
  readonly tree: string;
  /** By path. */
  readonly files: ReadonlyMap<string, { readonly sha: string; readonly size: number }>;
}

/** Somebody else has moved the branch since it was looked at. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

const MODE = '100644';

/** By what GitHub refuses to move a branch to a commit that does not follow on what it is at now, or to make it twice. */
const MOVED = /not a fast.?forward|already exists|is at .* but expected/i;

/** @returns undefined where there is no such branch */
export async function readBranch(
  octokit: Octokit,
  repository: Repository,
  branch: string,
): Promise<Snapshot | undefined> {
  const { git } = octokit.rest;
  const commit = await headOf(octokit, repository, branch);
  if (commit === undefined) return undefined;
  const { data } = await git.getCommit({ ...repository, commit_sha: commit });
  const tree = data.tree.sha;
  const { data: listed } = await git.getTree({ ...repository, tree_sha: tree, recursive: 'true' });
  // What is not listed would be taken for not there, and written anew.
  if (listed.truncated) throw new Error(`the branch "${branch}" holds more files than GitHub lists`);
  const files = listed.tree.flatMap(
    ({ type, path, sha, size = 0 }): [string, { sha: string; size: number }][] =>
      type === 'blob' ? [[path, { sha, size }]] : [],
  );
  return { commit, tree, files: new Map(files) };
}

async function headOf(octokit: Octokit, repository: Repository, branch: string): Promise<string | undefined> {
  try {
    const { data } = await octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` });
    return data.object.sha;
  } catch (error) {
    if (readFailure(error).status === 404) return undefined;
    throw error;
  }
}

/** The text of a file of a snapshot. */
export async function readBlob(octokit: Octokit, repository: Repository, sha: string): Promise<string> {
  const { data } = await octokit.rest.git.getBlob({ ...repository, file_sha: sha });
  return Buffer.from(data.content, 'base64').toString('utf8');
}

/** What to put on a branch. */
export interface Change {
  readonly branch: string;
  /** What it is a change of; undefined where the branch is to be made, without a past. */
  readonly before: Snapshot | undefined;
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
}

/**
 * Puts files on a branch in one commit. That a branch moves forward alone is the lock: of two writers that saw the same
 * snapshot, one loses.
 *
 * @throws LostRace
 */
export async function commitFiles(octokit: Octokit, repository: Repository, change: Change): Promise<void> {
  const { git } = octokit.rest;
  const { branch, before, files, message } = change;
  const entries = [];
  // One after the other: GitHub asks not to be written to by several requests at once.
  for (const [path, content] of files) {
    const { data } = await git.createBlob({ ...repository, content: encoded(content), encoding: 'base64' });
    entries.push({ path, mode: MODE, type: 'blob', sha: data.sha } as const);
  }
  const { data: tree } = await git.createTree({
    ...repository,
    tree: entries,
    ...(before !== undefined && { base_tree: before.tree }),
  });
  const parents = before === undefined ? [] : [before.commit];
  const { data: commit } = await git.createCommit({ ...repository, message, tree: tree.sha, parents });
  try {
    if (before === undefined) {
      await git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha: commit.sha });
    } else {
      await git.updateRef({ ...repository, ref: `heads/${branch}`, sha: commit.sha, force: false });
    }
  } catch (error) {
    const { status, message: said } = readFailure(error);
    if (status === 409 || (status === 422 && MOVED.test(said))) throw new LostRace(said);
    throw error;
  }
}

function encoded(content: string): string {
  return Buffer.from(content).toString('base64');
}
