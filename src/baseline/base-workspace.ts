import { constants, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { lfsObject, readPointer } from '../foundation/pointer-file.ts';
import {
  MAX_FILE_BYTES,
  openWorkspace,
  readerOf,
  sha256OfFiles,
  type Workspace,
} from '../foundation/workspace.ts';
import { writeBlob } from './git.ts';
import { blobSize, type Repository, short, type TreeEntry } from './repository.ts';

/** What may be taken from a commit: whoever wrote it may be a stranger. */
export interface BaseLimits {
  /** Bytes of all files together. */
  readonly bytes: number;
  /** Files of one folder. */
  readonly files: number;
}

const LIMITS: BaseLimits = { bytes: MAX_FILE_BYTES, files: 10_000 };

/** A commit, and where its files are put. */
export interface BaseFiles {
  readonly repository: Repository;
  readonly sha: string;
  readonly tree: ReadonlyMap<string, TreeEntry>;
  /** Empty, and nobody else's. */
  readonly folder: string;
  readonly limits?: BaseLimits;
}

/**
 * The workspace as it was at a commit. A file is taken out of Git when it is asked for, and never by way of a filter, a link or a
 * submodule; what Git LFS has fetched stands in for its pointer.
 *
 * @param head the same workspace as it is now: paths mean the same in both
 */
export function baseWorkspace(files: BaseFiles, head: Workspace): Workspace {
  const root = realpathSync(files.folder);
  const top = join(root, relative(head.root, files.repository.top));
  const take = takerOf(files, top);
  const folders = foldersOf(files.tree);
  const at = (base: string): Workspace => {
    const plain = openWorkspace(root, base);
    const moved = (path: string): string => (isAbsolute(path) ? join(root, relative(head.root, path)) : path);
    const nameOf = (path: string): string =>
      relative(top, resolve(base, moved(path)))
        .split(sep)
        .join('/');
    const locate: Workspace['locate'] = async (path, role, kind) => {
      await take(nameOf(path), path, role);
      return plain.locate(moved(path), role, kind);
    };
    const has = (path: string): boolean => files.tree.has(nameOf(path)) || folders.has(nameOf(path));
    return { root, base, locate, has, read: readerOf(locate), at };
  };
  return at(join(root, relative(head.root, head.base)));
}

/** Every folder that has a file of the commit below it. */
function foldersOf(tree: ReadonlyMap<string, TreeEntry>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of tree.keys()) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.has(path.slice(0, end))) break;
      folders.add(path.slice(0, end));
    }
  }
  return folders;
}

type Take = (name: string, path: string, role: string) => Promise<void>;

/** Puts a file of the commit, or all files of a folder, where they belong; each once. */
function takerOf(files: BaseFiles, top: string): Take {
  const { tree, limits = LIMITS } = files;
  const taken = new Map<string, Promise<void>>();
  const left = { bytes: limits.bytes };
  const takeFile = (name: string, path: string, role: string): Promise<void> => {
    const done = taken.get(name) ?? writeFile(files, { name, path, role, target: join(top, name) }, left);
    taken.set(name, done);
    return done;
  };
  return async (name, path, role) => {
    refuseDetours(tree, name, path, role);
    if (tree.has(name)) return takeFile(name, path, role);
    const below = [...tree.keys()].filter((file) => file.startsWith(`${name}/`));
    if (below.length > limits.files) {
      throw new ConfigurationError(
        `The ${role} "${path}" is a folder of ${below.length} files at the base; at most ${limits.files} are read.`,
      );
    }
    for (const file of below) {
      refuseDetours(tree, file, file, role);
      await takeFile(file, file, role);
    }
  };
}

/** Neither the file nor a folder on the way to it may be elsewhere; and a tree may hold names that no checkout would write. */
function refuseDetours(tree: ReadonlyMap<string, TreeEntry>, name: string, path: string, role: string): void {
  const parts = name.split('/');
  for (let length = 1; length <= parts.length; length++) {
    const kind = tree.get(parts.slice(0, length).join('/'))?.kind ?? 'file';
    if (kind === 'file') continue;
    throw new ConfigurationError(
      `The ${role} "${path}" is, or lies behind, a ${kind} at the base, which is not followed.`,
    );
  }
  if (!tree.has(name) || parts.every((part) => !/^(\.{0,2}|\.git)$/i.test(part) && !/[\\:]/.test(part)))
    return;
  throw new ConfigurationError(`The ${role} "${path}" has a name at the base that no file can have.`);
}

interface Wanted {
  readonly name: string;
  /** As errors call it. */
  readonly path: string;
  readonly role: string;
  readonly target: string;
}

async function writeFile(
  { repository, sha, tree }: BaseFiles,
  { name, path, role, target }: Wanted,
  left: { bytes: number },
): Promise<void> {
  const { oid } = tree.get(name)!;
  const size = await blobSize(repository, oid);
  if (size === undefined) throw notHere(role, path, sha);
  reserve(size, left, role, path);
  const isWhole = await onDisk({ path, role }, () => {
    mkdirSync(dirname(target), { recursive: true });
    return writeBlob(repository.gitDir, oid, target);
  });
  if (!isWhole) throw notHere(role, path, sha);
  const pointer = readPointer(target);
  if (pointer?.oid === undefined) return;
  const object = lfsObject(join(repository.top, name), pointer.oid, repository.top);
  if (object === undefined || (await sha256OfFiles([object])) !== pointer.oid) {
    throw new ConfigurationError(
      `The ${role} "${path}" is in Git LFS, and its content at the base is not here. Run "git lfs fetch origin ${sha}" before.`,
    );
  }
  reserve(statSync(object).size, left, role, path);
  await onDisk({ path, role }, () => {
    rmSync(target);
    return copyFile(object, target, constants.COPYFILE_FICLONE);
  });
}

/** A full disk is not a bug, and neither are two names that this disk takes for one. */
async function onDisk<T>({ path, role }: Pick<Wanted, 'path' | 'role'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ConfigurationError(`The ${role} "${path}" cannot be taken out of Git: ${message}.`);
  }
}

function reserve(size: number, left: { bytes: number }, role: string, path: string): void {
  if (size > left.bytes) {
    throw new ConfigurationError(
      `The ${role} "${path}" has ${size} bytes at the base, and of all its files only ${left.bytes} more are read.`,
    );
  }
  left.bytes -= size;
}

function notHere(role: string, path: string, sha: string): ConfigurationError {
  return new ConfigurationError(
    `The content of the ${role} "${path}" at the base ${short(sha)} is not in this clone. Clone without a filter, or run "git fetch --refetch".`,
  );
}
