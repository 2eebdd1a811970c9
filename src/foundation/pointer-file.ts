import { closeSync, existsSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ConfigurationError } from './errors.ts';

/** A few lines that Git keeps in place of a large file. */
export interface Pointer {
  readonly of: 'Git LFS' | 'git-annex';
  /** Git LFS: the SHA-256 of the content, hexadecimal. */
  readonly oid?: string;
}

/** A Git LFS pointer is shorter than 1024 bytes (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const MOST_BYTES = 1024;
const LFS = 'version https://git-lfs.github.com/spec/v1';
/** An unlocked file of git-annex; a locked one is a link into the folder of that name. */
const ANNEX = '/annex/objects/';

/** What stands in a file in place of its content, or undefined: it holds its content. */
export function readPointer(file: string): Pointer | undefined {
  const text = head(file);
  if (text.startsWith(ANNEX)) return { of: 'git-annex' };
  if (!text.startsWith(LFS)) return undefined;
  return { of: 'Git LFS', oid: /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1] };
}

/** Whether a path is a link to content that git-annex keeps, or would keep if it were here. */
export function isAnnexLink(path: string): boolean {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink && readlinkSync(path).replaceAll('\\', '/').includes(`.git${ANNEX}`);
}

/**
 * Where Git LFS may have put what a pointer stands for: it is there when the file was fetched but not checked out.
 *
 * @param file the pointer, absolute
 * @param root no repository above this folder is looked at
 */
export function lfsObject(file: string, oid: string, root: string): string | undefined {
  const place = join('.git', 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const object = join(folder, place);
    if (existsSync(object)) return object;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

/** What to do about a pointer whose content is not here. */
export function pointerError(pointer: Pointer, path: string, role: string): ConfigurationError {
  const remedy =
    pointer.of === 'Git LFS'
      ? 'is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".'
      : `is kept by git-annex, and its content is not here. Run "git annex get ${path}" before.`;
  return new ConfigurationError(`The ${role} "${path}" ${remedy}`);
}

function head(file: string): string {
  const bytes = Buffer.alloc(MOST_BYTES);
  const opened = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(opened, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(opened);
  }
}
