import { execFile, spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';

import { NoBaseline } from './no-baseline.ts';

/** What one command may print: the list of all files of a commit is the longest. */
const MOST_OUTPUT = 2 ** 28;
const LONGEST_MS = 120_000;

/** Only objects that are here are read: nothing is fetched, and no program is run that a repository's config names. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'protocol.allow=never'];

/** What a command of Git gave. */
export interface GitAnswer {
  readonly status: number;
  readonly out: Buffer;
}

/**
 * Runs one of Git's commands that only read.
 *
 * @param gitDir the repository's `.git`, absolute: none is searched for
 * @param words the command and its arguments; nothing in them is for a shell
 * @throws NoBaseline where Git is not installed, or does not come to an end
 */
export function git(gitDir: string, words: readonly string[]): Promise<GitAnswer> {
  const options = {
    ...surroundings(),
    encoding: 'buffer',
    maxBuffer: MOST_OUTPUT,
    timeout: LONGEST_MS,
  } as const;
  return new Promise((resolve, reject) => {
    execFile('git', [...fixedWords(gitDir), ...words], options, (error, out) => {
      const status = error === null ? 0 : error.code;
      if (typeof status === 'number') resolve({ status, out });
      else reject(couldNotRun(error));
    });
  });
}

/**
 * Writes the content of a blob to a file, past this process.
 *
 * @returns whether all of it came
 * @throws NoBaseline where Git is not installed
 */
export async function writeBlob(gitDir: string, oid: string, file: string): Promise<boolean> {
  const target = openSync(file, 'wx');
  try {
    return await new Promise((resolve, reject) => {
      spawn('git', [...fixedWords(gitDir), 'cat-file', 'blob', oid], {
        ...surroundings(),
        stdio: ['ignore', target, 'ignore'],
      })
        .on('error', (error: NodeJS.ErrnoException) => {
          reject(couldNotRun(error));
        })
        .on('close', (status) => {
          resolve(status === 0);
        });
    });
  } finally {
    closeSync(target);
  }
}

function fixedWords(gitDir: string): string[] {
  return [
    `--git-dir=${gitDir}`,
    '--no-pager',
    '--no-replace-objects',
    '--no-optional-locks',
    '--literal-pathspecs',
    ...SETTINGS.flatMap((setting) => ['-c', setting]),
  ];
}

function surroundings() {
  const { PATH, SystemRoot } = process.env;
  return {
    // Windows looks here first for a program called git, and files of a pull request are not here.
    cwd: tmpdir(),
    env: {
      PATH,
      SystemRoot,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_LAZY_FETCH: '1',
    },
    windowsHide: true,
  };
}

function couldNotRun(error: { readonly code?: unknown } | null): NoBaseline {
  const why =
    error?.code === 'ENOENT'
      ? 'Git is not installed here; it reads the files of the base.'
      : 'Git took too long over the objects of the base, or had too much to say.';
  return new NoBaseline(why);
}
