import { randomUUID } from 'node:crypto';
import { lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { ConfigurationError } from './errors.ts';

/** A file that will be written at the end of the run. */
export interface OutputFile {
  /** Absolute. */
  readonly path: string;
  /** Writes the whole file, or nothing: a run that is stopped leaves no half-written one. */
  write(content: string | Uint8Array): void;
}

/**
 * Checks that a file can be written, before a long run rather than after it.
 *
 * @param path as the user wrote it, relative to `base`
 * @param spelling the input that names it, for errors: `--report`
 * @throws ConfigurationError when its folder does not exist, or when something stands there that is not to be replaced:
 * a folder, or a link, which could lead anywhere
 */
export function openOutputFile(path: string, base: string, spelling: string): OutputFile {
  const wanted = resolve(base, path);
  const folder = realFolder(wanted, path, spelling);
  const target = join(folder, basename(wanted));
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (there?.isDirectory() || there?.isSymbolicLink()) {
    const kind = there.isDirectory() ? 'folder' : 'link';
    throw new ConfigurationError(`${spelling} is "${path}", which is a ${kind}. Name a file to write.`);
  }
  // A device or a pipe is written to; to replace it would be to lose it.
  const isReplaced = there?.isFile() ?? true;
  return {
    path: target,
    write: (content) => {
      try {
        if (isReplaced) replaceFile(target, content);
        else writeFileSync(target, content);
      } catch (error) {
        throw new ConfigurationError(`${spelling} could not be written: ${(error as Error).message}.`);
      }
    },
  };
}

function realFolder(wanted: string, path: string, spelling: string): string {
  const folder = dirname(wanted);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(folder);
  throw new ConfigurationError(
    `${spelling} is "${path}", but there is no folder "${dirname(path)}". Make it first, or name another.`,
  );
}

/** Written beside the file and moved over it: whoever reads it sees the old content or the new one. */
function replaceFile(target: string, content: string | Uint8Array): void {
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
