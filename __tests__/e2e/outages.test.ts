import { expect, it } from 'vitest';

import { setScene, warningsOf } from './action-scene.ts';
import type { Fault } from './validating-proxy.ts';

// What a run asks of GitHub beside its verdict fails all at once: the comment, the check and the history.

const scene = setScene();

/** One request of each. */
const OPERATIONS = ['issues/create-comment', 'checks/create', 'git/get-ref'];
const inputs = { 'check-run': 'true', 'history-branch': 'fusion-gate' };

const fail = (fault: Omit<Fault, 'operation'>): void => {
  for (const operation of OPERATIONS) scene.github.proxy.fail({ operation, ...fault });
};

it.each([
  [401, 'Bad credentials'],
  [403, 'Resource not accessible by integration'],
])(
  'a %i is told with the permission that each of them needs, and changes no verdict',
  async (status, message) => {
    fail({ status, message, times: 9 });
    const result = await scene.run('empty', { inputs });

    expect(result.status).toBe(1);
    expect(result.outputs.conclusion).toBe('failure');
    const warnings = warningsOf(result);
    expect(warnings).toHaveLength(3);
    for (const permission of ['contents: read', 'pull-requests: write', 'checks: write']) {
      expect(
        warnings.filter(
          (warning) => warning.includes(`\`${permission}\``) || warning.includes(`{ ${permission} }`),
        ),
      ).toHaveLength(1);
    }
    expect(warnings.every((warning) => warning.includes(`${status}: ${message}`))).toBe(true);
  },
);

it.each([
  ['a rejection', { status: 422, message: 'Validation Failed', times: 9 }, 'GitHub rejected the '],
  [
    'a limit of an hour',
    { status: 429, headers: { 'retry-after': '3600' }, times: 9 },
    'run the job again later',
  ],
  ['a server that stays down', { status: 503, times: 9 }, 'GitHub failed 3 times'],
])('%s is told three times, and changes no verdict', async (_, fault, said) => {
  fail(fault);
  const result = await scene.run('truthful', { inputs });

  expect(result.status).toBe(0);
  expect(warningsOf(result)).toHaveLength(3);
  for (const warning of warningsOf(result)) expect(warning).toContain(said);
});

const SOON = { 'retry-after': '1' };
it.each([
  ['a conflict', { status: 409 }],
  ['a rate limit', { status: 429, headers: SOON }],
  ['a secondary limit', { status: 403, headers: SOON, message: 'You have exceeded a secondary rate limit.' }],
  ['a bad gateway', { status: 502 }],
])('%s that passes is not told', async (_, fault) => {
  fail({ ...fault, times: 1 });
  const result = await scene.run('truthful', { inputs });

  expect(warningsOf(result)).toEqual([]);
  expect(await scene.github.comments()).toHaveLength(1);
  const done = scene.github.proxy.requests.filter(({ status }) => status < 300);
  expect(done.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['issues/create-comment', 'checks/update']),
  );
});

it('a token of two lines is told by each of them, and not shown', async () => {
  const token = 'ghp_first00000000000\nghp_second0000000000';
  const result = await scene.run('truthful', {
    inputs: { ...inputs, 'github-token': token },
    environment: { RUNNER_DEBUG: '1' },
  });

  expect(result.status).toBe(0);
  expect(warningsOf(result)).toHaveLength(3);
  expect(result.stdout + result.stderr).not.toMatch(/ghp_/);
  expect(scene.github.proxy.requests).toEqual([]);
});
