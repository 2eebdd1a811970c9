import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real Git repository in a folder of its own. */
export interface TestRepository {
  readonly folder: string;
  git(...words: readonly string[]): string;
  /** Writes files, commits everything, and gives the id of the commit. */
  commit(files: Readonly<Record<string, string | Buffer>>): string;
  remove(): void;
}

const WHO = { NAME: 'Tester', EMAIL: 'tester@example.org', DATE: '2026-01-01T00:00:00Z' };
const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...Object.fromEntries(
    Object.entries(WHO).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  ),
};

export function runGit(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', words, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

export function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'fusion-gate-base-test-')));
}

export function newRepository(folder = newFolder()): TestRepository {
  const git = (...words: readonly string[]): string => runGit(folder, ...words);
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    commit: (files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), content);
      }
      git('add', '--all');
      git('commit', '--quiet', '--message', 'Change');
      return git('rev-parse', 'HEAD');
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
