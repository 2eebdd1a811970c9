import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { getOctokit } from '@actions/github';
import { expect, it } from 'vitest';

import { readRecords } from '../../src/github/history-branch.ts';
import { damagedPath } from '../../src/history/history-file.ts';
import { linesOf, sampleRecord, shaOf } from '../history/sample-record.ts';
import { warningsOf } from './action-scene.ts';
import { BRANCH, HISTORY, setHistoryScene } from './history-scene.ts';
import { PERSON, REPO, startStandIn, TOKENS } from './stand-in.ts';

const scene = setHistoryScene();
const writes = () => scene.github.proxy.requests.filter(({ method }) => method !== 'GET');

it('makes the branch where it is missing, without a past, and leaves the default branch alone', async () => {
  const { git } = scene.octokit().rest;
  const headOf = async (branch: string) => {
    const { data } = await git.getRef({ owner: PERSON, repo: REPO, ref: `heads/${branch}` });
    return data.object.sha;
  };
  const before = await headOf('main');
  const result = await scene.push(0, 'truthful');

  expect(result.status).toBe(0);
  expect(warningsOf(result)).toEqual([]);
  expect(Object.keys((await scene.branch())!).toSorted()).toEqual([
    'badges/stress.json',
    'badges/stress.svg',
    HISTORY,
    'index.html',
  ]);
  expect(await scene.records()).toMatchObject([
    { gate: 'stress', sha: shaOf(0), ref: 'refs/heads/main', pullRequest: 1, verdict: 'quality-aware' },
  ]);
  const commit = await git.getCommit({ owner: PERSON, repo: REPO, commit_sha: await headOf(BRANCH) });
  expect(commit.data.parents).toEqual([]);
  expect(await headOf('main')).toBe(before);
});

it('is only read by a pull request, which shows what was found before', async () => {
  await scene.write(linesOf(sampleRecord(0), sampleRecord(1)));
  const before = await scene.branch();
  const written = writes().length;
  const result = await scene.push(7, 'empty', {
    token: TOKENS.readOnly,
    event: { name: 'pull_request', payload: { pull_request: { number: 3, base: { sha: shaOf(1) } } } },
    environment: { GITHUB_REF: 'refs/pull/3/merge' },
  });

  expect(result.status).toBe(1);
  expect(warningsOf(result)).toEqual([]);
  expect(writes()).toHaveLength(written);
  expect(await scene.branch()).toEqual(before);
  expect(result.summary).toContain('Over time');
  expect(result.summary).toContain(`against the base, <code>${shaOf(1).slice(0, 7)}</code>`);
});

it('has the record of a base that cannot be judged', async () => {
  await scene.write(linesOf(sampleRecord(0), sampleRecord(1)));
  const result = await scene.push(7, 'empty', {
    token: TOKENS.readOnly,
    event: {
      name: 'pull_request',
      payload: { pull_request: { number: 3, base: { sha: shaOf(1), ref: 'main' } } },
    },
    environment: { GITHUB_REF: 'refs/pull/3/merge' },
    inputs: { base: 'auto' },
  });

  expect(result.status).toBe(1);
  expect(result.summary).toContain('from its record in the history');
  expect(result.summary).toContain(`base, <code>main at ${shaOf(1).slice(0, 7)}</code>`);
  // The gap of the record, and what is lost of it where shuffling changes nothing.
  expect(result.summary).toContain('+0.1000<br>');
  expect(result.summary).toContain('**−0.1000**<br>');
});

it('has the records of five commits that are pushed at once', async () => {
  const results = await Promise.all([0, 1, 2, 3, 4].map((n) => scene.push(n, 'truthful')));

  expect(results.flatMap(warningsOf)).toEqual([]);
  const shas = (await scene.records()).map(({ sha }) => sha);
  expect(shas.toSorted()).toEqual([0, 1, 2, 3, 4].map(shaOf).toSorted());
  // Otherwise there was no race to lose.
  expect(scene.github.proxy.requests.some(({ status }) => status === 422 || status === 409)).toBe(true);
}, 120_000);

it('holds a commit once, however often it is run', async () => {
  await scene.push(0, 'truthful');
  const before = await scene.branch();
  const written = writes().filter(({ operation }) => operation?.startsWith('git/')).length;
  const result = await scene.push(0, 'truthful');

  expect(result.stdout).toContain('has the same of this commit already');
  expect(writes().filter(({ operation }) => operation?.startsWith('git/'))).toHaveLength(written);
  expect(await scene.branch()).toEqual(before);
});

it('keeps a damaged line aside, and names it', async () => {
  await scene.write(`${linesOf(sampleRecord(0))}{"gate": "stress", half a li\n`);
  const result = await scene.push(1, 'truthful');

  expect(result.status).toBe(0);
  expect(warningsOf(result)).toHaveLength(1);
  expect(warningsOf(result)[0]).toContain(HISTORY);
  expect(warningsOf(result)[0]).toContain('Line 2');
  expect((await scene.records()).map(({ sha }) => sha)).toEqual([shaOf(0), shaOf(1)]);
  expect((await scene.branch())![damagedPath(HISTORY)]).toContain('{"gate": "stress", half a li');
});

it.each([
  ['truthful', 0],
  ['empty', 1],
] as const)('costs the %s gate nothing where the token may not write', async (scores, status) => {
  const result = await scene.push(0, scores, { token: TOKENS.readOnly });

  expect(result.status).toBe(status);
  expect(warningsOf(result)).toHaveLength(1);
  expect(warningsOf(result)[0]).toContain('contents: write');
  expect(await scene.branch()).toBeUndefined();
});

it.each<[string, string, boolean, object]>([
  ['schedule', 'refs/heads/main', true, {}],
  ['workflow_dispatch', 'refs/heads/main', true, { repository: { default_branch: 'main' } }],
  ['push', 'refs/heads/topic', false, { repository: { default_branch: 'main' } }],
  [
    'merge_group',
    'refs/heads/gh-readonly-queue/main/pr-1',
    false,
    { repository: { default_branch: 'main' } },
  ],
])('by a %s on %s: written is %s', async (name, ref, isWritten, payload) => {
  const event = { name, payload };
  const result = await scene.push(0, 'truthful', { event, environment: { GITHUB_REF: ref } });

  expect(warningsOf(result)).toEqual([]);
  expect((await scene.branch()) !== undefined).toBe(isWritten);
});

it('is kept on GitHub Enterprise Server, under its prefix', async () => {
  const enterprise = await startStandIn({ prefix: '/api/v3' });
  try {
    const result = await scene.push(0, 'truthful', {
      apiUrl: enterprise.apiUrl,
      inputs: { 'issue-on-regression': 'true' },
    });
    expect(warningsOf(result)).toEqual([]);
    const octokit = getOctokit(TOKENS.personal, { baseUrl: enterprise.apiUrl });
    const kept = await readRecords({ octokit, repository: { owner: PERSON, repo: REPO }, branch: BRANCH });
    expect(kept).toMatchObject([{ sha: shaOf(0) }]);
    expect(enterprise.proxy.violations).toEqual([]);
  } finally {
    await enterprise.close();
  }
});

it('goes on where GitHub fails for a while, and only warns where it fails for good', async () => {
  const { proxy } = scene.github;
  proxy.fail({ operation: 'git/create-tree', status: 502, times: 1 });
  expect(warningsOf(await scene.push(0, 'truthful'))).toEqual([]);
  expect(await scene.records()).toHaveLength(1);

  proxy.fail({ operation: 'git/get-ref', status: 401, times: 1, message: 'Bad credentials' });
  const result = await scene.push(1, 'truthful');
  expect(result.status).toBe(0);
  expect(warningsOf(result)).toHaveLength(1);
});

it('writes the report page beside it', async () => {
  const page = join(scene.workspace, 'pages', 'report.html');
  const result = await scene.push(0, 'empty', { inputs: { html: 'pages/report.html' } });

  expect(result.status).toBe(1);
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i);
  rmSync(join(scene.workspace, 'pages'), { recursive: true });
});
