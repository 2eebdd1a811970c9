import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ConfigurationError } from './errors.ts';
import { openOutputFile } from './output-file.ts';

/** A folder that files will be put into at the end of the run; it is made where it is missing. */
export interface OutputFolder {
  /** Absolute. */
  readonly path: string;
  /** Writes each file whole, in place of one of that name. What else is in the folder stays. */
  write(files: ReadonlyMap<string, string>): void;
}

/**
 * Checks that a folder is one, or can be made, before a long run rather than after it.
 *
 * @param path as the user wrote it, relative to `base`
 * @param spelling the input that names it, for errors: `--plots`
 * @throws ConfigurationError where something that is no folder stands at it, or above it
 */
export function openOutputFolder(path: string, base: string, spelling: string): OutputFolder {
  const folder = resolve(base, path);
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) {
    throw new ConfigurationError(`${spelling} is "${path}", but "${existing}" is a file. Name a folder.`);
  }
  return {
    path: folder,
    write: (files) => {
      try {
        mkdirSync(folder, { recursive: true });
      } catch (error) {
        throw new ConfigurationError(`${spelling} could not be made: ${(error as Error).message}.`);
      }
      for (const [name, content] of files) openOutputFile(name, folder, spelling).write(content);
    },
  };
}
