import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';

import type { GateConfig } from '../config/gate-config.ts';
import { readConfig, type Wishes } from '../config/read-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { baseWorkspace } from './base-workspace.ts';
import { NoBaseline } from './no-baseline.ts';
import { FETCH_ALL, mergeBase, repositoryOf, short, treeOf } from './repository.ts';

/** What to compare with. */
export interface BaseWish {
  /** A branch, a tag or a commit: the comparison is with where this commit branched off from it. */
  readonly rev: string;
  /** How reports call it. Default: `rev`. */
  readonly name?: string;
  /** Where the user wrote it, as errors name that; undefined: another told us. */
  readonly spelling?: string;
}

/** The gates as they were at the base. */
export interface Baseline {
  readonly sha: string;
  readonly ref: string;
  readonly workspace: Workspace;
  readonly gates: readonly GateConfig[];
  /** Removes what was taken out of Git. */
  close(): Promise<void>;
}

/**
 * The base of what is checked out, from the objects of its Git repository: its config is read as the one here is, with the same
 * inputs, and is trusted no more.
 *
 * @param wishes those of this run
 * @throws NoBaseline where there is none, with the reason
 * @throws ConfigurationError where the user names a commit that is not here
 */
export async function openBaseline(wish: BaseWish, wishes: Wishes, head: Workspace): Promise<Baseline> {
  const repository = repositoryOf(head);
  const sha = await mergeBase(repository, wish.rev);
  const ref = wish.name ?? wish.rev;
  if (sha === undefined) throw unknownCommit(wish);
  const tree = await treeOf(repository, sha);
  const folder = await mkdtemp(join(temporaryFolder(process.env), 'fusion-gate-base-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const workspace = baseWorkspace({ repository, sha, tree, folder }, head);
    const gates = await readGates(fromBase(wishes, head), workspace, sha);
    return { sha, ref, workspace, gates, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The runner's own is emptied after each job. */
function temporaryFolder({ RUNNER_TEMP: ofRunner = '' }: NodeJS.ProcessEnv): string {
  return ofRunner === '' ? tmpdir() : ofRunner;
}

/** Where the workspace lies says nothing of where its base does. */
function fromBase(wishes: Wishes, { base }: Workspace): Wishes {
  const { config } = wishes;
  return config !== undefined && isAbsolute(config) ? { ...wishes, config: relative(base, config) } : wishes;
}

function unknownCommit({ rev, spelling }: BaseWish): Error {
  if (spelling === undefined) {
    return new NoBaseline(`The commit is not in this clone. ${FETCH_ALL}`);
  }
  return new ConfigurationError(
    `${spelling} is "${rev}", and this clone has no such branch, tag or commit. A branch that was only fetched is called origin/NAME. ${FETCH_ALL}`,
  );
}

async function readGates(wishes: Wishes, workspace: Workspace, sha: string): Promise<readonly GateConfig[]> {
  try {
    return (await readConfig(wishes, workspace)).gates;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new NoBaseline(`The config of the base ${short(sha)} cannot be used. ${error.message}`);
  }
}
