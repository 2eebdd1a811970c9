import { expect, it } from 'vitest';

import { baseOfEvent } from '../../src/github/base-of-event.ts';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];

it.each([
  ['a pull request', { pull_request: { base: { sha: A, ref: 'main' } } }, { rev: A, name: 'main' }],
  // `synchronize` has a "before" of the pull request's own branch.
  [
    'a pull request that moved on',
    { pull_request: { base: { sha: A, ref: 'v2' } }, before: B },
    { rev: A, name: 'v2' },
  ],
  ['a merge queue', { merge_group: { base_sha: A, base_ref: 'refs/heads/main' } }, { rev: A, name: 'main' }],
  ['a push', { before: A, ref: 'refs/heads/main' }, { rev: A, name: 'main' }],
  ['a push of a new branch', { before: '0'.repeat(40), ref: 'refs/heads/new' }, undefined],
  ['a schedule', {}, undefined],
  ['what is no commit', { pull_request: { base: { sha: '--upload-pack=x', ref: 'main' } } }, undefined],
])('%s is measured against its base', (_, event, base) => {
  expect(baseOfEvent(event)).toEqual(base);
});
