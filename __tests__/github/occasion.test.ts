import { describe, expect, it } from 'vitest';

import { occasionOf } from '../../src/github/occasion.ts';

const SHA = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const repository = (name: string) => ({ full_name: name, owner: { login: name.split('/')[0] } });
const pull = (from: string | null) => ({
  pull_request: {
    number: 5,
    head: { sha: HEAD, repo: from === null ? null : repository(from) },
    base: { repo: repository('lab/model') },
  },
});
const read = (event: string, payload: object, actor = 'mona') =>
  occasionOf(payload, { GITHUB_EVENT_NAME: event, GITHUB_SHA: SHA, GITHUB_ACTOR: actor });

describe('what a run is about', () => {
  it.each([
    ['pull_request', pull('lab/model'), { pullRequest: 5, head: HEAD, isReadOnly: false }],
    ['pull_request', pull('mallory/model'), { pullRequest: 5, head: HEAD, isReadOnly: true }],
    ['pull_request', pull(null), { pullRequest: 5, head: HEAD, isReadOnly: true }],
    ['pull_request_target', pull('mallory/model'), { pullRequest: 5, head: HEAD, isReadOnly: false }],
    [
      'issue_comment',
      { issue: { number: 6, pull_request: { url: 'https://...' } } },
      { pullRequest: 6, head: SHA, isReadOnly: false },
    ],
    ['issue_comment', { issue: { number: 7 } }, { head: SHA, isReadOnly: false }],
    [
      'merge_group',
      { merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-104-${SHA}`, head_sha: HEAD } },
      { pullRequest: 104, head: HEAD, isReadOnly: false },
    ],
    [
      'merge_group',
      { merge_group: { head_ref: 'refs/heads/main', head_sha: HEAD } },
      { head: HEAD, isReadOnly: false },
    ],
    ['push', {}, { commit: { sha: SHA }, head: SHA, isReadOnly: false }],
    ['workflow_dispatch', {}, { commit: { sha: SHA }, head: SHA, isReadOnly: false }],
    ['schedule', {}, { head: SHA, isReadOnly: false }],
    [
      'workflow_run',
      {
        workflow_run: {
          head_sha: HEAD,
          head_branch: 'patch-1',
          head_repository: repository('mallory/model'),
        },
      },
      {
        commit: {
          sha: HEAD,
          branch: { owner: 'mallory', repository: 'mallory/model', name: 'patch-1' },
        },
        head: HEAD,
        isReadOnly: false,
      },
    ],
    [
      'workflow_run',
      { workflow_run: { head_sha: HEAD, head_branch: null, head_repository: null } },
      { commit: { sha: HEAD }, head: HEAD, isReadOnly: false },
    ],
  ])('%s %j', (event, payload, expected) => {
    expect(read(event, payload)).toEqual(expected);
  });

  it('of Dependabot is as read-only as a fork', () => {
    expect(read('pull_request', pull('lab/model'), 'dependabot[bot]').isReadOnly).toBe(true);
  });
});
