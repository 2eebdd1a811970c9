import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** More than any file read here has, but the list of packed refs. */
const MAX_LENGTH = 2 ** 24;
const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** What a repository has checked out. */
export interface Head {
  readonly sha: string;
  /** Empty where no branch is checked out. */
  readonly ref: string;
}

/**
 * Reads HEAD of a repository without starting Git: its files say all that is needed
 * (https://git-scm.com/docs/gitrepository-layout).
 *
 * @param root the folder that holds `.git`
 * @returns undefined where there is no repository, or no commit yet
 */
export function readHead(root: string): Head | undefined {
  const folder = gitFolder(root);
  const head = contents(join(folder, 'HEAD'));
  if (head === undefined) return undefined;
  if (SHA.test(head)) return { sha: head, ref: '' };
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (ref === undefined || ref.split('/').includes('..')) return undefined;
  // A linked worktree has a HEAD of its own, and shares everything else.
  const common = resolve(folder, contents(join(folder, 'commondir')) ?? '.');
  const loose = contents(join(common, ref));
  const sha = loose !== undefined && SHA.test(loose) ? loose : packed(common, ref);
  return sha === undefined ? undefined : { sha, ref };
}

/** `.git` is a folder, or in a linked worktree a file that says where the folder is. */
function gitFolder(root: string): string {
  const link = /^gitdir: (.+)$/.exec(contents(join(root, '.git')) ?? '')?.[1];
  return link === undefined ? join(root, '.git') : resolve(root, link);
}

function packed(folder: string, ref: string): string | undefined {
  const lines = contents(join(folder, 'packed-refs'))?.split('\n') ?? [];
  const sha = lines.find((line) => line.endsWith(` ${ref}`))?.slice(0, -ref.length - 1);
  return sha !== undefined && SHA.test(sha) ? sha : undefined;
}

function contents(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > MAX_LENGTH ? undefined : text.trim();
  } catch {
    return undefined;
  }
}
