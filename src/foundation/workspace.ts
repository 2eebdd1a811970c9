import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { ConfigurationError, didYouMean } from './errors.ts';

/** Files larger than this are refused before a byte of them is read: a pull request's files come from strangers. */
export const MAX_FILE_BYTES = 8 * 2 ** 30;

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';

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
   * wrong kind, is too large, or is a Git LFS pointer
   */
  locate(path: string, role: string, kind?: 'file' | 'folder' | 'either'): Promise<string>;
  /** The bytes of a file, located first. */
  read(path: string, role: string, maxBytes?: number): Promise<Buffer>;
  /** The same workspace with another base, e.g. the folder of a config file. */
  at(base: string): Workspace;
}

export function openWorkspace(root: string, base = root): Workspace {
  const realRoot = realpathSync(root);
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
    if (stats.isFile()) {
      if (stats.size > MAX_FILE_BYTES) {
        throw new ConfigurationError(
          `The ${role} "${path}" has ${stats.size} bytes; at most ${MAX_FILE_BYTES} are read.`,
        );
      }
      refuseLfsPointer(found, path, role);
    }
    return found;
  };
  return {
    root: realRoot,
    base,
    locate,
    read: async (path, role, maxBytes = MAX_FILE_BYTES) => {
      const found = await locate(path, role);
      const { size } = statSync(found);
      if (size > maxBytes) {
        throw new ConfigurationError(
          `The ${role} "${path}" has ${size} bytes; at most ${maxBytes} are allowed.`,
        );
      }
      return readFile(found);
    },
    at: (newBase) => openWorkspace(realRoot, newBase),
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
    const siblings = await readdir(dirname(wanted)).catch((): string[] => []);
    const match = didYouMean(basename(wanted), siblings);
    throw new ConfigurationError(
      `The ${role} "${path}" does not exist.${match || ' Paths are relative to the config file, or to the working directory.'}`,
    );
  }
}

function refuseLfsPointer(found: string, path: string, role: string): void {
  const head = Buffer.alloc(LFS_POINTER.length);
  const file = openSync(found, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1') === LFS_POINTER) {
    throw new ConfigurationError(
      `The ${role} "${path}" is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".`,
    );
  }
}

/** Joins a folder's files into one stable list, for hashing a model that is a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
