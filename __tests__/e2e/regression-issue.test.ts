import { getOctokit } from '@actions/github';
import { expect, it } from 'vitest';

import { linesOf, sampleRecord, shaOf } from '../history/sample-record.ts';
import { warningsOf } from './action-scene.ts';
import { setHistoryScene } from './history-scene.ts';
import { PERSON, REPO, TOKENS } from './stand-in.ts';

const scene = setHistoryScene();
const inputs = { 'issue-on-regression': 'true' };
const repository = { owner: PERSON, repo: REPO };

const issues = async (state: 'open' | 'closed' | 'all' = 'all') => {
  const { data } = await scene.octokit().rest.issues.listForRepo({ ...repository, state });
  return data.filter(({ body, user }) => body?.includes('fusion-gate:regression:') && user?.login === PERSON);
};

/** Three models before, with the gap that workspace.ts gives truthful scores. */
const GOOD = [0.5, 0.51, 0.49].map((value, n) =>
  sampleRecord(n, {
    model: { path: 'eval.csv', sha256: String(n).repeat(64) },
    gap: { value, lower: value - 0.05, upper: value + 0.05, confidence: 0.95 },
  }),
);

it('opens one issue for a drop, and closes it when the gap is back', async () => {
  await scene.write(linesOf(...GOOD));
  const fallen = await scene.push(3, 'empty', { inputs });

  expect(fallen.status).toBe(1);
  expect(warningsOf(fallen)).toEqual([]);
  const [issue, ...more] = await issues();
  expect(more).toEqual([]);
  expect(issue.state).toBe('open');
  expect(issue.title).toBe(`fusion-gate: the gap of stress dropped at ${shaOf(3).slice(0, 7)}`);
  expect(issue.body?.startsWith(`<!-- fusion-gate:regression:stress:${shaOf(3)} -->\n`)).toBe(true);
  expect(issue.body).toContain('+0.4900 | [+0.4400,\u00a0+0.5400]');
  expect(issue.body).toContain(`/mona/stress-model/compare/${shaOf(2)}...${shaOf(3)}`);
  expect(issue.body).toContain('/mona/stress-model/tree/fusion-gate');

  await scene.push(4, 'empty', { inputs });
  expect(await issues()).toHaveLength(1);

  const mended = await scene.push(5, 'truthful', { inputs });
  expect(mended.stdout).toContain(issue.html_url);
  const [closed, ...others] = await issues();
  expect(others).toEqual([]);
  expect(closed).toMatchObject({ number: issue.number, state: 'closed', state_reason: 'completed' });
  expect(closed.body).toContain('The gap is back');
  expect(closed.body).toContain(shaOf(5).slice(0, 7));
}, 120_000);

it('leaves an issue closed that somebody has closed', async () => {
  await scene.write(linesOf(...GOOD));
  await scene.push(3, 'empty', { inputs });
  const [issue] = await issues();
  const { rest } = scene.octokit();
  await rest.issues.update({ ...repository, issue_number: issue.number, state: 'closed' });
  await scene.push(4, 'empty', { inputs });

  expect(await issues()).toMatchObject([{ number: issue.number, state: 'closed' }]);
}, 120_000);

it('takes no issue for its own that somebody else wrote', async () => {
  await scene.write(linesOf(...GOOD));
  const stranger = getOctokit(TOKENS.stranger, { baseUrl: scene.github.apiUrl }).rest.issues;
  const body = `<!-- fusion-gate:regression:stress:${shaOf(3)} -->\n\nNothing to see here.`;
  const { number } = (await stranger.create({ ...repository, title: 'dropped', body })).data;
  await scene.push(3, 'empty', { inputs });
  await scene.push(4, 'truthful', { inputs });

  expect(await issues()).toMatchObject([{ state: 'closed' }]);
  const { data } = await scene.octokit().rest.issues.listForRepo({ ...repository, state: 'open' });
  expect(data.find((issue) => issue.number === number)?.body).toBe(body);
}, 120_000);

it('has one open issue after a race, the oldest', async () => {
  await scene.write(linesOf(...GOOD));
  // What two runs leave that found none at the same moment, and wrote.
  const { rest } = scene.octokit();
  const body = `<!-- fusion-gate:regression:stress:${shaOf(3)} -->\n\nThe gap dropped.`;
  const twice = [];
  for (let i = 0; i < 2; i++) {
    twice.push((await rest.issues.create({ ...repository, title: 'dropped', body })).data.number);
  }
  await Promise.all([3, 4, 5].map((n) => scene.push(n, 'empty', { inputs })));

  expect((await issues('open')).map(({ number }) => number)).toEqual([Math.min(...twice)]);
  const [doubled] = await issues('closed');
  expect(doubled.body).toContain(`It is told in #${Math.min(...twice)}.`);
}, 120_000);

it('opens none twice where runs start together', async () => {
  await scene.write(linesOf(...GOOD));
  await Promise.all([3, 4, 5].map((n) => scene.push(n, 'empty', { inputs })));

  expect(await issues('open')).toHaveLength(1);
}, 120_000);

it('opens none on a pull request, without a drop, or where nobody asked', async () => {
  await scene.write(linesOf(...GOOD));
  const event = { name: 'pull_request', payload: { pull_request: { number: 3 } } };
  await scene.push(3, 'empty', { inputs, event });
  await scene.push(4, 'truthful', { inputs });
  await scene.push(5, 'empty');

  expect(await issues()).toEqual([]);
}, 120_000);

it.each([
  [403, 'Resource not accessible by integration', 'issues: write'],
  [410, 'Issues has been disabled in this repository.', 'disabled'],
])('only warns where GitHub answers %i', async (status, message, said) => {
  await scene.write(linesOf(...GOOD));
  scene.github.proxy.fail({ operation: 'issues/create', status, times: 9, message });
  const result = await scene.push(3, 'empty', { inputs });

  expect(result.status).toBe(1);
  expect(warningsOf(result)).toHaveLength(1);
  expect(warningsOf(result)[0]).toContain(said);
  expect(await scene.records()).toHaveLength(4);
});

it('needs a branch to tell a drop by', async () => {
  const result = await scene.push(0, 'empty', { inputs: { ...inputs, 'history-branch': '' } });

  expect(result.status).toBe(2);
  expect(result.stdout).toContain('history-branch');
});
