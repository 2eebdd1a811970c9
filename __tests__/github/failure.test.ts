import { describe, expect, it } from 'vitest';

import { commentErrand, lookUpErrand } from '../../src/github/errands.ts';
import { describeFailure, readFailure } from '../../src/github/failure.ts';

const ERRAND = commentErrand({ owner: 'octo-lab', repo: 'stress-model', number: 7 });

/** What Octokit throws for a response. */
function refused(status: number, message?: string, headers: Record<string, string> = {}): Error {
  const data = message === undefined ? '<html>Bad Gateway</html>' : { message };
  return Object.assign(new Error('HttpError'), { status, response: { headers, data } });
}

const sentence = (error: unknown, tries = 1) => describeFailure(readFailure(error), ERRAND, tries);

describe('the sentence for', () => {
  it.each([
    [
      refused(401, 'Bad credentials'),
      'GitHub does not accept the token (401: Bad credentials); leave "github-token" out to use the workflow\'s own, with the permission `pull-requests: write`.',
    ],
    [
      refused(403, 'Resource not accessible by integration'),
      'the token may not write to pull requests (403: Resource not accessible by integration); give the job `permissions: { pull-requests: write }`, which the token of a pull request from a fork does not get.',
    ],
    [
      refused(404, 'Not Found'),
      'the token sees no pull request #7 in octo-lab/stress-model (404: Not Found); check "pr-number", and that the token has the permission `pull-requests: write` there.',
    ],
    [
      refused(403, 'Unable to create comment because issue is locked.'),
      'the conversation is locked (403: Unable to create comment because issue is locked.); unlock it, or give a token that may write there.',
    ],
    [
      refused(409, 'Conflict'),
      'something else was changing the same thing all 3 times (409: Conflict); run the job again.',
    ],
    [refused(410, 'This issue was deleted'), 'it is no longer there (410: This issue was deleted).'],
    [refused(422, 'Validation Failed'), 'GitHub rejected the comment (422: Validation Failed).'],
    [
      refused(403, 'You have exceeded a secondary rate limit.'),
      'GitHub limits how often this token may ask (403: You have exceeded a secondary rate limit.); run the job again later.',
    ],
    [
      refused(429, 'Too many requests'),
      'GitHub limits how often this token may ask (429: Too many requests); run the job again later.',
    ],
    [refused(502), 'GitHub failed 3 times (502); run the job again later.'],
    [
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { status: 500 }),
      'GitHub could not be reached in 3 tries (connect ECONNREFUSED 127.0.0.1:1).',
    ],
    [new Error('GITHUB_REPOSITORY is\nnot set'), 'GITHUB_REPOSITORY is not set.'],
  ])('%s', (error, expected) => {
    expect(sentence(error, 3)).toBe(expected);
  });

  it.each([
    [
      'FORBIDDEN',
      'the token may not write to pull requests (403: Resource not accessible); give the job `permissions: { pull-requests: write }`, which the token of a pull request from a fork does not get.',
    ],
    [
      'RATE_LIMITED',
      'GitHub limits how often this token may ask (429: Resource not accessible); run the job again later.',
    ],
    // Without a known word it is as it is said.
    ['SOMETHING_NEW', 'Request failed.'],
  ])('what GraphQL calls %s', (type, expected) => {
    const errors = [{ type, message: 'Resource not accessible' }];
    expect(sentence(Object.assign(new Error('Request failed'), { errors, headers: {} }))).toBe(expected);
  });

  it('a missing permission is named after what was asked', () => {
    const errand = lookUpErrand({ owner: 'octo-lab', repo: 'stress-model' });
    expect(describeFailure(readFailure(refused(403, 'Forbidden')), errand, 1)).toBe(
      'the token may not read pull requests (403: Forbidden); give the job `permissions: { pull-requests: read }`.',
    );
  });

  it('a rejected value has its reason', () => {
    const data = {
      message: 'Validation Failed',
      errors: [{ message: 'body is too long' }, 'and dull', null],
    };
    const error = Object.assign(new Error('HttpError'), { status: 422, response: { headers: {}, data } });
    expect(sentence(error)).toBe(
      'GitHub rejected the comment (422: Validation Failed, body is too long, and dull).',
    );
  });

  it('a long answer is cut', () => {
    expect(sentence(refused(422, 'x'.repeat(5000))).length).toBeLessThan(300);
  });
});

describe('readFailure', () => {
  it('reads how long GitHub asks to wait', () => {
    expect(readFailure(refused(429, 'Slow', { 'retry-after': '12' })).retryAfter).toBe(12_000);
    const reset = Math.floor(Date.now() / 1000) + 1000;
    const exhausted = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    const { rateLimited, retryAfter } = readFailure(refused(403, 'Forbidden', exhausted));
    expect(rateLimited).toBe(true);
    expect(retryAfter).toBeGreaterThan(990_000);
    expect(retryAfter).toBeLessThanOrEqual(1_000_000);
  });

  it('waits for a minute where a secondary limit does not say how long', () => {
    const limit = refused(403, 'You have exceeded a secondary rate limit.', { 'x-ratelimit-remaining': '9' });
    expect(readFailure(limit)).toMatchObject({ rateLimited: true, retryAfter: 60_000 });
  });

  it('waits as long as the limit of GraphQL asks', () => {
    const reset = Math.floor(Date.now() / 1000) + 1000;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    const error = Object.assign(new Error('No'), { errors: [{ type: 'RATE_LIMITED' }], headers });
    expect(readFailure(error).retryAfter).toBeGreaterThan(990_000);
  });

  it('does not take a missing permission for a rate limit', () => {
    const headers = { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '1' };
    const { rateLimited, retryAfter } = readFailure(refused(403, 'Forbidden', headers));
    expect(rateLimited).toBe(false);
    expect(retryAfter).toBeUndefined();
  });

  it.each([undefined, null, 'text', 7])('survives %j being thrown', (thrown) => {
    expect(readFailure(thrown)).toMatchObject({ message: String(thrown), unreachable: false });
  });
});
