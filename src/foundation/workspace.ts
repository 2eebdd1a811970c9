import { createHash } from 'node:crypto';
import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { ConfigurationError, didYouMean } from './errors.ts';
import { isAnnexLink, lfsObject, pointerError, readPointer } from './pointer-file.ts';

/** Files larger than this are refused before a byte of them is read: a pull request's files come from strangers. */
export const MAX_FILE_BYTES = 8 * 2 ** 30;

/** The folder that this run may read. Nothing outside it is opened, whatever a config file or a link in it says. */
export interface Workspace {
  /** Absolute, links resolved. */
  readonly root: string;
  /** What relative paths are relative to. */
  readonly base: string;
  /**
   * The absolute path of a file that a stranger may have named.
   *
   * @param path as written, relative to `base`
   * @param role how errors call it: `model`, `evaluation set`, ...
   * @throws ConfigurationError when it does not exist, lies outside the workspace (links are followed first), is of the
   * wrong kind, is too large, or is a pointer of Git LFS or git-annex to content that is not here
   */
  locate(path: string, role: string, kind?: 'file' | 'folder' | 'either'): Promise<string>;
  /** Whether something is there, allowed or not. */
  has(path: string): boolean;
  /** The bytes of a file, located first. */
  read(path: string, role: string, maxBytes?: number): Promise<Buffer>;
  /** The same workspace with another base, e.g. the folder of a config file. */
  at(base: string): Workspace;
}

export function openWorkspace(root: string, base = root): Workspace {
  const realRoot = realpathSync(root);
  const contentOf = contentFinder(realRoot);
  const locate: Workspace['locate'] = async (path, role, kind = 'file') => {
    const wanted = isAbsolute(path) ? path : resolve(base, path);
    const found = await realPath(wanted, path, role);
    const fromRoot = relative(realRoot, found);
    if (fromRoot === '..' || fromRoot.startsWith('..' + sep) || isAbsolute(fromRoot)) {
      throw new ConfigurationError(
        `The ${role} "${path}" is outside the workspace. Only files below the workspace folder may be used; move it there.`,
      );
    }
    const stats = statSync(found);
    // To open a pipe is to wait for whoever writes into it.
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new ConfigurationError(`The ${role} "${path}" is a pipe or a device; a file is needed here.`);
    }
    if (kind !== 'either' && stats.isDirectory() !== (kind === 'folder')) {
      throw new ConfigurationError(
        `The ${role} "${path}" is a ${stats.isDirectory() ? 'folder' : 'file'}; a ${kind} is needed here.`,
      );
    }
    if (stats.isDirectory()) return found;
    const content = await contentOf(found, path, role);
    const { size } = statSync(content);
    if (size <= MAX_FILE_BYTES) return content;
    throw new ConfigurationError(
      `The ${role} "${path}" has ${size} bytes; at most ${MAX_FILE_BYTES} are read.`,
    );
  };
  return {
    root: realRoot,
    base,
    locate,
    has: (path) => existsSync(resolve(base, path)),
    read: readerOf(locate),
    at: (newBase) => openWorkspace(realRoot, newBase),
  };
}

/**
 * The same workspace in which some files lie elsewhere.
 *
 * @param files absolute paths by what the gate calls them, which need not be a path: an address will do
 */
export function withFiles(workspace: Workspace, files: ReadonlyMap<string, string>): Workspace {
  if (files.size === 0) return workspace;
  const locate: Workspace['locate'] = (path, role, kind) => {
    const file = files.get(path);
    return file === undefined ? workspace.locate(path, role, kind) : Promise.resolve(file);
  };
  return {
    ...workspace,
    locate,
    has: (path) => files.has(path) || workspace.has(path),
    read: readerOf(locate),
    at: (base) => withFiles(workspace.at(base), files),
  };
}

/** Reads files that `locate` finds. */
export function readerOf(locate: Workspace['locate']): Workspace['read'] {
  return async (path, role, maxBytes = MAX_FILE_BYTES) => {
    const found = await locate(path, role);
    const { size } = statSync(found);
    if (size > maxBytes) {
      throw new ConfigurationError(
        `The ${role} "${path}" has ${size} bytes; at most ${maxBytes} are allowed.`,
      );
    }
    return readFile(found);
  };
}

/** SHA-256 of the bytes of files, one behind the other, hexadecimal; read as streams. */
export async function sha256OfFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

async function realPath(wanted: string, path: string, role: string): Promise<string> {
  try {
    return realpathSync(wanted);
  } catch {
    if (isAnnexLink(wanted)) throw pointerError({ of: 'git-annex' }, path, role);
    const siblings = await readdir(dirname(wanted)).catch((): string[] => []);
    const match = didYouMean(basename(wanted), siblings);
    throw new ConfigurationError(
      `The ${role} "${path}" does not exist.${match || ' Paths are relative to the config file, or to the working directory.'}`,
    );
  }
}

/** Finds the content that a pointer stands for, where Git LFS has fetched it; its hash is taken once. */
function contentFinder(root: string): (found: string, path: string, role: string) => Promise<string> {
  const hashes = new Map<string, Promise<string>>();
  return async (found, path, role) => {
    const pointer = readPointer(found);
    if (pointer === undefined) return found;
    const object = pointer.oid === undefined ? undefined : lfsObject(found, pointer.oid, root);
    if (object === undefined) throw pointerError(pointer, path, role);
    const hash = hashes.get(object) ?? sha256OfFiles([object]);
    hashes.set(object, hash);
    if ((await hash) !== pointer.oid) throw pointerError(pointer, path, role);
    return object;
  };
}

/** Joins a folder's files into one stable list, for hashing a model that is a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
