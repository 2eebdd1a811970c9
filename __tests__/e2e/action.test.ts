import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { provideNode24 } from './node24.ts';
import type { ActionResult, ActionRun } from './run-action.ts';
import { runAction } from './run-action.ts';
import type { StandIn } from './stand-in.ts';
import { startStandIn, TOKENS } from './stand-in.ts';
import { createWorkspace } from './workspace.ts';

const ENTRY = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const MARKER = '<!-- fusion-gate:comment:stress -->';

let node: string;
let workspace: string;
let github: StandIn;
const results: ActionResult[] = [];

beforeAll(() => {
  node = provideNode24();
  workspace = createWorkspace();
}, 300_000);

afterAll(() => {
  rmSync(workspace, { recursive: true, force: true });
});

beforeEach(async () => {
  github = await startStandIn();
});

afterEach(async () => {
  await github.close();
  expect(github.proxy.violations).toEqual([]);
  for (const { stdout, stderr, summary, outputs } of results.splice(0)) {
    const shown = [stdout, stderr, summary, ...Object.values(outputs)].join('\n');
    for (const token of Object.values(TOKENS)) expect(shown).not.toContain(token);
  }
});

async function run(
  scores: 'truthful' | 'empty' | 'missing',
  wishes: Partial<ActionRun> = {},
): Promise<ActionResult> {
  const result = await runAction({
    node,
    entry: ENTRY,
    workspace,
    token: TOKENS.workflow,
    apiUrl: github.apiUrl,
    event: { name: 'pull_request', payload: { pull_request: { number: github.pullRequest } } },
    ...wishes,
    inputs: { config: `${scores}.yml`, ...wishes.inputs },
  });
  results.push(result);
  return result;
}

const operations = () => github.proxy.requests.map(({ operation }) => operation);

describe('a gate that passes', () => {
  it('writes one comment, the outputs and the summary, and exits 0', async () => {
    const { status, outputs, summary, stdout } = await run('truthful');

    expect(stdout).not.toContain('::error');
    expect(status).toBe(0);
    const comments = await github.comments();
    expect(comments).toHaveLength(1);
    expect(comments[0].user?.login).toBe('github-actions[bot]');
    expect(comments[0].body.startsWith(`${MARKER}\n`)).toBe(true);
    expect(comments[0].body).toContain('/octo-lab/stress-model/actions/runs/4242');
    expect(summary.trim()).toBe(comments[0].body.slice(MARKER.length).trim());
    expect(outputs).toMatchObject({
      conclusion: 'success',
      verdict: 'quality-aware',
      accuracy: '1',
      'report-path': 'fusion-gate-report.json',
      'comment-url': comments[0].html_url,
    });
    // Two coins for scores leave one half of the rows right: see workspace.ts.
    expect(Math.abs(Number(outputs.gap) - 0.5)).toBeLessThan(0.02);
    expect(Number(outputs['permuted-accuracy'])).toBeCloseTo(1 - Number(outputs.gap), 9);
    expect(Number(outputs['gap-lower'])).toBeLessThan(Number(outputs.gap));
    expect(Number(outputs['gap-upper'])).toBeGreaterThan(Number(outputs.gap));
    expect(Number(outputs['p-value'])).toBeCloseTo(1 / 201, 12);
    expect(Number(outputs['control-gap'])).toBeGreaterThan(0.05);
    expect(JSON.parse(outputs.gates)).toMatchObject([{ name: 'stress', verdict: 'quality-aware' }]);
  });

  it('writes the report that report-path names', async () => {
    const folder = 'reports/of this run';
    const { outputs } = await run('truthful', { inputs: { 'report-path': `${folder}/gate.json` } });

    expect(outputs['report-path']).toBe(`${folder}/gate.json`);
    const report = JSON.parse(readFileSync(join(workspace, folder, 'gate.json'), 'utf8')) as unknown;
    expect(report).toMatchObject({ version: 1, conclusion: 'success', gates: [{ name: 'stress' }] });
  });

  it('runs on the Node that runs these tests as well', async () => {
    const { status } = await run('truthful', { node: process.execPath });

    expect(status).toBe(0);
    expect(await github.comments()).toHaveLength(1);
  });

  it('loads nothing from beside the workspace or the folder it is started in', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    const { status } = await run('truthful', { environment: { HOME: elsewhere, NODE_PATH: elsewhere } });

    expect(existsSync(join(workspace, 'node_modules'))).toBe(false);
    expect(status).toBe(0);
  });
});

describe('a gate that fails', () => {
  it('exits 1 and says so in the comment and the outputs', async () => {
    const { status, outputs } = await run('empty');

    expect(status).toBe(1);
    expect(outputs).toMatchObject({ conclusion: 'failure', gap: '0', accuracy: '0.5' });
    expect(await github.comments()).toHaveLength(1);
  });

  it('updates the comment of the run before in place', async () => {
    await run('truthful');
    const [before] = await github.comments();
    const { outputs } = await run('empty');

    const comments = await github.comments();
    expect(comments).toHaveLength(1);
    expect(comments[0].id).toBe(before.id);
    expect(comments[0].body).not.toBe(before.body);
    expect(outputs['comment-url']).toBe(before.html_url);
  });
});

describe('a config that cannot be judged', () => {
  it('exits 2 with one sentence and no stack', async () => {
    const { status, stdout, stderr } = await run('missing');

    expect(status).toBe(2);
    const errors = stdout.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('missing.yml');
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(await github.comments()).toHaveLength(0);
  });

  it('says what a pr-number must be', async () => {
    const { status, stdout } = await run('truthful', { inputs: { 'pr-number': 'seven' } });

    expect(status).toBe(2);
    expect(stdout).toMatch(/^::error.*pr-number.*seven/m);
  });
});

describe('the comment input', () => {
  it('never: asks nothing of GitHub', async () => {
    const { status, outputs } = await run('empty', { inputs: { comment: 'never' } });

    expect(status).toBe(1);
    expect(github.proxy.requests).toEqual([]);
    expect(outputs['comment-url'] ?? '').toBe('');
  });

  it('on-failure: is silent on a pass, speaks on a failure, and takes it back', async () => {
    const inputs = { comment: 'on-failure' };
    await run('truthful', { inputs });
    expect(await github.comments()).toHaveLength(0);

    await run('empty', { inputs });
    const [failed] = await github.comments();
    expect(failed).toBeDefined();

    await run('truthful', { inputs });
    const [passed, ...others] = await github.comments();
    expect(others).toEqual([]);
    expect(passed.id).toBe(failed.id);
    expect(passed.body).not.toBe(failed.body);
  });

  it('says nothing on a push that is the head of no pull request', async () => {
    const { status, stdout } = await run('truthful', {
      event: { name: 'push', payload: { ref: 'refs/heads/main' } },
    });

    expect(status).toBe(0);
    expect(stdout).toContain('belongs to no open pull request');
    expect(stdout).not.toContain('::warning');
    expect(operations()).toEqual(['repos/list-pull-requests-associated-with-commit']);
  });

  it('goes where pr-number says on a push', async () => {
    await run('truthful', {
      event: { name: 'push', payload: { ref: 'refs/heads/main' } },
      inputs: { 'pr-number': String(github.pullRequest) },
    });

    expect(await github.comments()).toHaveLength(1);
  });
});

describe('whose comment it is', () => {
  it('leaves a comment with the same marker by somebody else alone', async () => {
    const theirs = await github.commentAs('stranger', `${MARKER}\nAll is well.`);
    await run('empty');

    const comments = await github.comments();
    expect(comments).toHaveLength(2);
    expect(comments.find(({ id }) => id === theirs.id)!.body).toBe(`${MARKER}\nAll is well.`);
  });

  it('is found on the second page', async () => {
    for (let i = 0; i < 104; i++) await github.commentAs('stranger', `Remark ${i}`);
    const ours = await github.commentAs('workflow', `${MARKER}\nEarlier.`);
    await run('empty');

    const comments = await github.comments();
    expect(comments).toHaveLength(105);
    expect(comments.find(({ id }) => id === ours.id)!.body).not.toContain('Earlier.');
  });
});

describe('when GitHub refuses', () => {
  const warnings = ({ stdout }: ActionResult) =>
    stdout.split('\n').filter((line) => line.startsWith('::warning'));

  it.each([
    ['truthful', 0],
    ['empty', 1],
  ] as const)(
    'a read-only token costs the comment of the %s gate, not its verdict',
    async (scores, status) => {
      const result = await run(scores, { token: TOKENS.readOnly });

      expect(result.status).toBe(status);
      expect(await github.comments()).toHaveLength(0);
      const [warning, ...more] = warnings(result);
      expect(more).toEqual([]);
      expect(warning).toContain('pull-requests: write');
      expect(warning).toContain('403');
      expect(result.outputs.conclusion).toBe(status === 0 ? 'success' : 'failure');
      expect(result.outputs['comment-url'] ?? '').toBe('');
      expect(result.summary).not.toBe('');
    },
  );

  it('an unknown token costs the comment alone, and is not shown', async () => {
    const token = 'ghp_revokedToken00000000000000000000006';
    const result = await run('truthful', { token });

    expect(result.status).toBe(0);
    expect(warnings(result)).toHaveLength(1);
    expect(warnings(result)[0]).toContain('401');
    expect(result.stdout + result.stderr).not.toContain(token);
  });

  it.each([
    ['empty', '', 'is empty'],
    [
      'split over two lines',
      'ghp_first00000000000\nghp_second0000000000',
      'holds characters that no token has',
    ],
  ])('a token that is %s costs the comment alone, and is not shown', async (_, token, said) => {
    const result = await run('truthful', { inputs: { 'github-token': token } });

    expect(result.status).toBe(0);
    expect(warnings(result)).toHaveLength(1);
    expect(warnings(result)[0]).toContain(`"github-token" ${said}`);
    expect(result.stdout + result.stderr).not.toMatch(/ghp_/);
    expect(github.proxy.requests).toEqual([]);
  });

  it('does not double a comment whose answer was lost', async () => {
    github.proxy.fail({ operation: 'issues/create-comment', status: 502, times: 1, afterTheFact: true });
    const result = await run('truthful');

    expect(result.status).toBe(0);
    expect(warnings(result)).toEqual([]);
    expect(await github.comments()).toHaveLength(1);
    expect(operations()).toContain('issues/update-comment');
  });

  it('tries again after a 503', async () => {
    github.proxy.fail({ operation: 'issues/list-comments', status: 503, times: 1 });
    const result = await run('truthful');

    expect(warnings(result)).toEqual([]);
    expect(await github.comments()).toHaveLength(1);
  });

  it('waits as long as a rate limit asks, and gives up on one that asks for an hour', async () => {
    const limit = { operation: 'issues/create-comment', status: 429, times: 1, message: 'Slow down' };
    github.proxy.fail({ ...limit, headers: { 'retry-after': '1' } });
    expect(warnings(await run('truthful'))).toEqual([]);
    expect(await github.comments()).toHaveLength(1);

    github.proxy.fail({ ...limit, operation: 'issues/update-comment', headers: { 'retry-after': '3600' } });
    const result = await run('empty');
    expect(result.status).toBe(1);
    expect(warnings(result)[0]).toContain('429: Slow down');
  });

  it('survives an event file that is no JSON', async () => {
    const environment = { GITHUB_EVENT_PATH: join(workspace, 'eval.csv') };
    const result = await run('truthful', { environment });

    expect(result.status).toBe(0);
    expect(warnings(result)).toHaveLength(1);
    expect(warnings(result)[0]).toContain('comment was not written');
  });

  it('survives a GitHub that cannot be reached', async () => {
    const result = await run('truthful', { apiUrl: 'http://127.0.0.1:1' });

    expect(result.status).toBe(0);
    expect(warnings(result)).toHaveLength(1);
    expect(warnings(result)[0]).toContain('could not be reached');
  });
});

describe('shards', () => {
  it('publish nothing, and once merged give the comment and the report of one run', async () => {
    const whole = await run('truthful', { inputs: { 'report-path': 'whole.json' } });
    const [comment] = await github.comments();
    const asked = github.proxy.requests.length;
    for (const shard of ['1/3', '2/3', '3/3']) {
      const path = `shards/shard-${shard[0]}.json`;
      const { status, outputs, summary } = await run('truthful', { inputs: { shard, 'report-path': path } });
      expect([status, outputs, summary]).toEqual([0, { 'report-path': path }, '']);
    }
    expect(github.proxy.requests).toHaveLength(asked);

    const merged = await run('truthful', {
      inputs: { config: '', merge: 'shards/*.json', 'report-path': 'merged.json' },
    });
    expect(merged.status).toBe(0);
    const named = (path: string) => ({ ...whole.outputs, 'report-path': path });
    const withoutTime = (text: string) => text.replace(/"seconds":\s*[\d.]+/g, '');
    expect(withoutTime(JSON.stringify(merged.outputs))).toBe(
      withoutTime(JSON.stringify(named('merged.json'))),
    );
    expect((await github.comments()).map(({ id }) => id)).toEqual([comment.id]);
    const [one, other] = ['whole.json', 'merged.json'].map((path) =>
      withoutTime(readFileSync(join(workspace, path), 'utf8')),
    );
    expect(other).toBe(one);
  });

  it('of which one is missing end with one sentence', async () => {
    await run('truthful', { inputs: { shard: '2/2', 'report-path': 'half/shard-2.json' } });
    const { status, stdout, outputs } = await run('truthful', {
      inputs: { config: '', merge: 'half/*.json' },
    });
    expect(status).toBe(2);
    expect(stdout).toContain('Shard 1 of 2 is missing. All are needed;');
    expect(outputs.conclusion).toBe('error');
  });
});

it('does without a summary file', async () => {
  const { status, outputs } = await run('truthful', { environment: { GITHUB_STEP_SUMMARY: undefined } });

  expect(status).toBe(0);
  expect(outputs.conclusion).toBe('success');
});

it('works with GitHub Enterprise Server', async () => {
  const enterprise = await startStandIn({ prefix: '/api/v3' });
  try {
    const wishes = {
      apiUrl: enterprise.apiUrl,
      event: { name: 'pull_request', payload: { pull_request: { number: enterprise.pullRequest } } },
    };
    await run('truthful', wishes);
    await run('empty', wishes);
    expect(await enterprise.comments()).toHaveLength(1);
    expect(enterprise.proxy.violations).toEqual([]);
  } finally {
    await enterprise.close();
  }
});
