import { expect, it } from 'vitest';

import { mayRecord } from '../../src/github/keep-history.ts';

const payload = { repository: { default_branch: 'main' } };

it.each<[string, string, boolean]>([
  ['push', 'refs/heads/main', true],
  ['workflow_dispatch', 'refs/heads/main', true],
  ['schedule', 'refs/heads/main', true],
  ['push', 'refs/heads/feature', false],
  ['push', 'refs/tags/main', false],
  ['pull_request', 'refs/pull/7/merge', false],
  // These run on the default branch, and may judge what a stranger brought.
  ['pull_request_target', 'refs/heads/main', false],
  ['workflow_run', 'refs/heads/main', false],
  ['issue_comment', 'refs/heads/main', false],
  ['merge_group', 'refs/heads/gh-readonly-queue/main/pr-7', false],
])('of %s on %s the history is written: %s', (event, ref, written) => {
  expect(mayRecord(event, ref, payload)).toBe(written);
});

it('knows the default branch of a schedule, whose event does not name it', () => {
  expect(mayRecord('schedule', 'refs/heads/main', {})).toBe(true);
  expect(mayRecord('push', 'refs/heads/main', {})).toBe(false);
  expect(mayRecord('push', 'refs/heads/', {})).toBe(false);
});
