import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { currentCommit, pullRequestOf } from '../../src/history/commit.ts';
import { shaOf } from './sample-record.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'commit-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Lays a repository out as https://git-scm.com/docs/gitrepository-layout says. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('currentCommit', () => {
  it('is what the user says', () => {
    const [sha] = [shaOf(1)];
    expect(currentCommit(sha.toUpperCase(), root, { GITHUB_SHA: shaOf(2) }).sha).toBe(sha);
    expect(() => currentCommit('abc1234', root, {})).toThrow(
      '--commit is "abc1234"; it must be the full id of a commit, 40 hexadecimal digits (git rev-parse HEAD prints it).',
    );
  });

  it.each([
    ['GITHUB_SHA', 'GITHUB_REF'],
    ['CI_COMMIT_SHA', 'CI_COMMIT_REF_NAME'],
    ['BUILD_SOURCEVERSION', 'BUILD_SOURCEBRANCH'],
    ['GIT_COMMIT', 'GIT_BRANCH'],
  ])('is what %s of a CI service says', (sha, ref) => {
    expect(currentCommit(undefined, root, { [sha]: shaOf(3), [ref]: 'main' })).toEqual({
      sha: shaOf(3),
      ref: 'main',
      pullRequest: null,
    });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a branch',
      { '.git/HEAD': 'ref: refs/heads/a/b\n', '.git/refs/heads/a/b': `${shaOf(4)}\n` },
      'refs/heads/a/b',
    ],
    ['a commit', { '.git/HEAD': `${shaOf(4)}\n` }, ''],
    [
      'a packed branch',
      {
        '.git/HEAD': 'ref: refs/heads/main\n',
        '.git/packed-refs': `# pack-refs with: peeled\n${shaOf(5)} refs/heads/x/refs/heads/main\n${shaOf(4)} refs/heads/main\n`,
      },
      'refs/heads/main',
    ],
    [
      'a linked worktree',
      {
        '.git': 'gitdir: store/worktrees/w\n',
        'store/worktrees/w/HEAD': 'ref: refs/heads/main\n',
        'store/worktrees/w/commondir': '../..\n',
        'store/refs/heads/main': `${shaOf(4)}\n`,
      },
      'refs/heads/main',
    ],
  ])('is what the repository has checked out: %s', (_, files, ref) => {
    write(files);

    expect(currentCommit(undefined, root, {})).toEqual({ sha: shaOf(4), ref, pullRequest: null });
  });

  it.each<[string, Record<string, string>]>([
    ['no repository', {}],
    ['no commit yet', { '.git/HEAD': 'ref: refs/heads/main\n' }],
    ['a HEAD that leads out', { '.git/HEAD': 'ref: refs/../../secret\n', secret: shaOf(4) }],
  ])('has to be named where there is %s', (_, files) => {
    write(files);

    expect(() => currentCommit(undefined, root, {})).toThrow(/Name it with --commit\.$/);
  });
});

describe('pullRequestOf', () => {
  it.each([
    ['Merge pull request #12 from mona/audio\n\nRetrain (#99)', 12],
    ['Retrain the audio expert (#7)', 7],
    ['Retrain the audio expert (#7)\n\n* fixes (#3)', 7],
    ['Fix #7', null],
    ['Retrain\n\n(#7)', null],
    ['Retrain (#0)', null],
    ['', null],
  ])('of %j is %s', (message, number) => {
    expect(pullRequestOf(message)).toBe(number);
  });
});
