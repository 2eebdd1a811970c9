import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { pullRequestEvent, setScene, warningsOf } from './action-scene.ts';
import type { ActionRun } from './run-action.ts';
import type { Head } from './stand-in.ts';
import { TOKENS } from './stand-in.ts';

const scene = setScene();
const operations = () => scene.github.proxy.requests.map(({ operation }) => operation);

/** `workflow_run`, which does not say what pull request a fork's run was for. */
const runOf = ({ sha, branch, repository }: Head) => ({
  name: 'workflow_run',
  payload: {
    workflow_run: {
      id: 77,
      head_sha: sha,
      head_branch: branch,
      head_repository: { full_name: repository, owner: { login: repository.split('/')[0] } },
      pull_requests: [],
    },
  },
});

describe('finds the pull request', () => {
  it.each(['pull_request', 'pull_request_target'])('that %s names', async (name) => {
    await scene.run('truthful', { event: { ...pullRequestEvent(scene.github.head), name } });

    expect(await scene.github.comments()).toHaveLength(1);
    expect(operations()[0]).toBe('issues/list-comments');
  });

  it('of a merge queue', async () => {
    const { number, sha } = scene.github.head;
    const group = { head_ref: `refs/heads/gh-readonly-queue/main/pr-${number}-${sha}`, head_sha: sha };
    await scene.run('truthful', { event: { name: 'merge_group', payload: { merge_group: group } } });

    expect(await scene.github.comments()).toHaveLength(1);
  });

  it.each(['push', 'workflow_dispatch'])('whose head a %s is', async (name) => {
    const environment = { GITHUB_SHA: scene.github.head.sha };
    await scene.run('truthful', { event: { name, payload: {} }, environment });

    expect(await scene.github.comments()).toHaveLength(1);
  });

  it("that a fork's workflow ran for, by branch and commit", async () => {
    const fork = await scene.github.openFork();
    await scene.run('truthful', { event: runOf(fork) });

    expect(await scene.github.comments(fork.number)).toHaveLength(1);
    expect(await scene.github.comments()).toHaveLength(0);
  });
});

describe('says nothing', () => {
  it('on a schedule, and asks nothing', async () => {
    const environment = { GITHUB_SHA: scene.github.head.sha };
    const result = await scene.run('truthful', { event: { name: 'schedule', payload: {} }, environment });

    expect(result.status).toBe(0);
    expect(operations()).toEqual([]);
    expect(warningsOf(result)).toEqual([]);
  });

  it('on a pull request that has moved on', async () => {
    const fork = await scene.github.openFork();
    const result = await scene.run('truthful', { event: runOf({ ...fork, sha: 'f'.repeat(40) }) });

    expect(result.stdout).toContain('belongs to no open pull request');
    expect(await scene.github.comments(fork.number)).toEqual([]);
  });

  it('and does not warn, where the token may not look on a push', async () => {
    const operation = 'repos/list-pull-requests-associated-with-commit';
    scene.github.proxy.fail({ operation, status: 403, times: 1, message: 'Resource not accessible' });
    const result = await scene.run('empty', { event: { name: 'push', payload: {} } });

    expect(result.status).toBe(1);
    expect(warningsOf(result)).toEqual([]);
    expect(result.stdout).toContain('pull-requests: read');
  });
});

/** Events whose token may write, and secrets, while the files may be a stranger's. */
const PRIVILEGED: Readonly<Record<string, (fork: Head) => ActionRun['event']['payload']>> = {
  pull_request_target: (fork) => pullRequestEvent(fork).payload,
  workflow_run: (fork) => runOf(fork).payload,
  issue_comment: ({ number }) => ({ issue: { number, pull_request: {} } }),
};

it.each(Object.entries(PRIVILEGED))(
  'runs no command of a config on %s, whatever is allowed',
  async (name, payload) => {
    const config = `gates:
  - name: served
    model: http://127.0.0.1:1/v2/models/m
    command: node -e "require('fs').writeFileSync('ran', '')"
    evaluation-set: eval.csv
    columns: { label: label }
    modalities: { audio: { reliability: truthful_audio }, video: { reliability: truthful_video } }
`;
    writeFileSync(join(scene.workspace, 'served.yml'), config);
    const fork = await scene.github.openFork();
    const { status, stdout } = await scene.run('truthful', {
      event: { name, payload: payload(fork) },
      inputs: { config: 'served.yml', 'allow-command': 'true' },
    });

    expect(status).toBe(2);
    expect(stdout).toContain(`served.yml: gates[0].command is not run on ${name}`);
    expect(existsSync(join(scene.workspace, 'ran'))).toBe(false);
    const [comment] = await scene.github.comments(fork.number);
    expect(comment.body).toContain('is not run on');
  },
);

describe('keeps secrets', () => {
  it('in debugging, and where GitHub quotes the request', async () => {
    const quoted = `You sent token ${TOKENS.workflow}`;
    scene.github.proxy.fail({ operation: 'issues/create-comment', status: 422, times: 1, message: quoted });
    const environment = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true', DEBUG: '*' };
    const result = await scene.run('truthful', { environment });

    expect(warningsOf(result)).toHaveLength(1);
    expect(result.stdout).toContain('token ***');
  });
});
