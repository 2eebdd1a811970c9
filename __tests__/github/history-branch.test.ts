import { getOctokit } from '@actions/github';
import seedrandom from 'seedrandom';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commitFiles, readBlob, readBranch } from '../../src/github/git-data.ts';
import { readRecords, recordOnBranch } from '../../src/github/history-branch.ts';
import type { HistoryRecord } from '../../src/history/record-schema.ts';
import type { StandIn } from '../e2e/stand-in.ts';
import { PERSON, REPO, startStandIn, TOKENS } from '../e2e/stand-in.ts';
import { decorativeRecord, linesOf, sampleRecord, shaOf } from '../history/sample-record.ts';

const repository = { owner: PERSON, repo: REPO };
const BRANCH = 'fusion-gate';
const page = { version: '1.2.3', repository: 'https://github.com/mona/stress-model' };

let github: StandIn;

beforeEach(async () => {
  github = await startStandIn();
});

afterEach(async () => {
  await github.close();
  expect(github.proxy.violations).toEqual([]);
});

const octokit = () => getOctokit(TOKENS.personal, { baseUrl: github.apiUrl });
const history = () => ({ octokit: octokit(), repository, branch: BRANCH });

/** Writers of a test wait a hundredth of the time, and draw their pauses from a seed. */
function keep(records: readonly HistoryRecord[], limit = 1000, seed = 'a') {
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, milliseconds / 100);
    });
  return recordOnBranch(history(), records, { limit, page, pacing: { pause, random: seedrandom(seed) } });
}

async function branchTexts(): Promise<Record<string, string>> {
  const snapshot = await readBranch(octokit(), repository, BRANCH);
  const texts: Record<string, string> = {};
  for (const [path, { sha }] of snapshot!.files) texts[path] = await readBlob(octokit(), repository, sha);
  return texts;
}

const writes = () => github.proxy.requests.filter(({ method }) => method !== 'GET');

describe('recordOnBranch', () => {
  it('makes the branch without a past, with the history, the page and the badge', async () => {
    await keep([sampleRecord(0)]);

    const texts = await branchTexts();
    expect(Object.keys(texts).toSorted()).toEqual([
      'badges/stress.json',
      'badges/stress.svg',
      'history/stress.jsonl',
      'index.html',
    ]);
    expect(texts['history/stress.jsonl']).toBe(linesOf(sampleRecord(0)));
    expect(texts['index.html']).toContain('<!doctype html>');
    const { commit } = (await readBranch(octokit(), repository, BRANCH))!;
    const { data } = await octokit().rest.git.getCommit({ ...repository, commit_sha: commit });
    expect(data.parents).toEqual([]);
    expect(data.message).toBe('Record 1 gate at 000000c\n\nWritten by fusion-gate.');
  });

  it('adds to it, a file for each gate, and follows on what was there', async () => {
    await keep([sampleRecord(0)]);
    const first = (await readBranch(octokit(), repository, BRANCH))!.commit;
    const other = sampleRecord(1, { gate: 'Über/../gate' });
    await keep([sampleRecord(1), other]);

    const texts = await branchTexts();
    expect(texts['history/stress.jsonl']).toBe(linesOf(sampleRecord(0), sampleRecord(1)));
    const named = Object.keys(texts).find((path) => /^history\/ber-gate-[0-9a-f]{12}\.jsonl$/.test(path));
    expect(texts[named!]).toBe(linesOf(other));
    const { commit } = (await readBranch(octokit(), repository, BRANCH))!;
    const { data } = await octokit().rest.git.getCommit({ ...repository, commit_sha: commit });
    expect(data.parents.map(({ sha }) => sha)).toEqual([first]);
    expect(await readRecords(history())).toHaveLength(3);
  });

  it('writes nothing for a re-run that finds the same', async () => {
    await keep([sampleRecord(0)]);
    const before = writes().length;
    await keep([sampleRecord(0, { time: '2031-01-01T00:00:00.000Z' })]);

    expect(writes()).toHaveLength(before);
  });

  it('writes once where GitHub does its work and only the answer is lost', async () => {
    await keep([sampleRecord(0)]);
    github.proxy.fail({ operation: 'git/update-ref', status: 502, times: 1, afterTheFact: true });
    await keep([sampleRecord(1)]);

    expect((await branchTexts())['history/stress.jsonl']).toBe(linesOf(sampleRecord(0), sampleRecord(1)));
    expect(github.proxy.requests.filter(({ operation }) => operation === 'git/update-ref')).toHaveLength(1);
  });

  it('keeps damaged lines in a file of their own', async () => {
    const before = `${linesOf(sampleRecord(0))}{"torn":\n`;
    await commitFiles(octokit(), repository, {
      branch: BRANCH,
      before: undefined,
      files: new Map([['history/stress.jsonl', before]]),
      message: 'By hand',
    });
    const { damaged } = await keep([sampleRecord(1)]);

    const texts = await branchTexts();
    expect(texts['history/stress.jsonl']).toBe(linesOf(sampleRecord(0), sampleRecord(1)));
    expect(texts['history/stress.jsonl.damaged']).toBe('{"torn":\n');
    expect(damaged).toEqual([
      { path: 'history/stress.jsonl', lines: [{ number: 2, text: '{"torn":', why: 'it is not JSON' }] },
    ]);
  });

  it('leaves what else is on the branch where it is', async () => {
    await commitFiles(octokit(), repository, {
      branch: BRANCH,
      before: undefined,
      files: new Map([['docs/README.md', 'Ours.\n']]),
      message: 'By hand',
    });
    await keep([decorativeRecord(0)]);

    expect((await branchTexts())['docs/README.md']).toBe('Ours.\n');
  });

  it('loses nothing among five writers that start the branch at once', async () => {
    await Promise.all([0, 1, 2, 3, 4].map((n) => keep([sampleRecord(n)], 1000, `writer ${n}`)));

    expect((await readRecords(history())).map(({ sha }) => sha).toSorted()).toEqual(
      [0, 1, 2, 3, 4].map(shaOf).toSorted(),
    );
  });

  it('gives up on what will not pass', async () => {
    github.proxy.fail({
      operation: 'git/create-blob',
      status: 403,
      times: 1,
      message: 'Resource not accessible',
    });

    await expect(keep([sampleRecord(0)])).rejects.toThrow('Resource not accessible');
  });
});
