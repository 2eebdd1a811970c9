import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Workspace } from '../foundation/workspace.ts';
import { git } from './git.ts';
import { NoBaseline } from './no-baseline.ts';

/** A repository on this machine. */
export interface Repository {
  /** The folder that is checked out, absolute. */
  readonly top: string;
  /** Its `.git`, absolute. */
  readonly gitDir: string;
}

/** A file of a commit. */
export interface TreeEntry {
  /** What Git says it is; a link to elsewhere and a submodule are no files of this repository. */
  readonly kind: 'file' | 'symbolic link' | 'submodule';
  readonly oid: string;
}

const KINDS: ReadonlyMap<string, TreeEntry['kind']> = new Map([
  ['120000', 'symbolic link'],
  ['160000', 'submodule'],
]);

/**
 * The repository around the working directory; none above the workspace is looked at.
 *
 * @throws NoBaseline where there is none
 */
export function repositoryOf({ base, root }: Workspace): Repository {
  for (let top = base; ; top = dirname(top)) {
    const gitDir = join(top, '.git');
    if (existsSync(gitDir)) return { top, gitDir };
    if (top === root || top === dirname(top)) break;
  }
  throw new NoBaseline('There is no Git repository here, and so no base.');
}

/**
 * The commit that what is checked out branched off from.
 *
 * @param rev a commit, branch or tag
 * @returns its full id; undefined where no such commit is here
 * @throws NoBaseline where both are here and have no commit in common that is
 */
export async function mergeBase({ gitDir }: Repository, rev: string): Promise<string | undefined> {
  const found = await git(gitDir, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${rev}^{commit}`,
  ]);
  if (found.status !== 0) return undefined;
  const commit = found.out.toString('latin1').trim();
  const common = await git(gitDir, ['merge-base', 'HEAD', commit]);
  const sha = common.out.toString('latin1').trim();
  if (common.status === 0 && sha !== '') return sha;
  throw new NoBaseline(
    `The commit ${short(commit)} is here, but not where this one branched off from it.${await ofShallow(gitDir)}`,
  );
}

/** What mends a checkout without its history. */
export const FETCH_ALL =
  'Check out with "fetch-depth: 0" (actions/checkout), or run "git fetch --unshallow".';

async function ofShallow(gitDir: string): Promise<string> {
  const { out } = await git(gitDir, ['rev-parse', '--is-shallow-repository']);
  return out.toString('latin1').trim() === 'true' ? ` ${FETCH_ALL}` : '';
}

/** As people read it. */
export function short(sha: string): string {
  return sha.slice(0, 7);
}

/**
 * Every file of a commit, by its path from the top.
 *
 * @throws NoBaseline where its trees are not here
 */
export async function treeOf({ gitDir }: Repository, sha: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const { status, out } = await git(gitDir, ['ls-tree', '-r', '-z', '--full-tree', sha]);
  if (status !== 0) {
    throw new NoBaseline(`The list of files of the base ${short(sha)} is not here. ${FETCH_ALL}`);
  }
  const lines = out.toString('utf8').split('\0').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [mode, , oid] = line.slice(0, line.indexOf('\t')).split(' ');
      return [line.slice(line.indexOf('\t') + 1), { kind: KINDS.get(mode) ?? 'file', oid }];
    }),
  );
}

/** Bytes of a blob; undefined where it is not here. */
export async function blobSize({ gitDir }: Repository, oid: string): Promise<number | undefined> {
  const { status, out } = await git(gitDir, ['cat-file', '-s', oid]);
  return status === 0 ? Number(out.toString('latin1')) : undefined;
}
