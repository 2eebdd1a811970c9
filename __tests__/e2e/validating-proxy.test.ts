import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { StandIn } from './stand-in.ts';
import { OWNER, REPO, startStandIn, TOKENS } from './stand-in.ts';

let github: StandIn;

beforeAll(async () => {
  github = await startStandIn();
});

beforeEach(() => {
  github.proxy.violations.length = 0;
});

afterAll(() => github.close());

async function ask(method: string, path: string, body?: unknown, token: string = TOKENS.workflow) {
  const response = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const comments = () => `/repos/${OWNER}/${REPO}/issues/${github.pullRequest}/comments`;

describe('the validating proxy', () => {
  it('lets good requests through', async () => {
    expect((await ask('POST', comments(), { body: 'Fine.' })).status).toBe(201);
    expect((await ask('GET', `${comments()}?per_page=100&page=1`)).status).toBe(200);
    expect((await ask('GET', '/user', undefined, TOKENS.personal)).body).toMatchObject({ login: 'mona' });
    expect(github.proxy.violations).toEqual([]);
  });

  it.each([
    ['a body of the wrong type', () => ask('POST', comments(), { body: 7 })],
    ['no body', () => ask('POST', comments())],
    ['a method that it does not know', () => ask('PATCH', '/user', { name: 'x' })],
    ['a number that is none', () => ask('GET', comments().replace(/\d+/, 'seven'))],
    ['an unknown query parameter', () => ask('GET', `${comments()}?perPage=100`)],
    ['a page that is no number', () => ask('GET', `${comments()}?page=two`)],
    ['an unknown address', () => ask('GET', '/repos/a/b/comment')],
    ['GraphQL that it cannot answer', () => ask('POST', '/graphql', { query: 'query { viewer { name } }' })],
  ])('objects to %s', async (_, request) => {
    await request();
    expect(github.proxy.violations).not.toEqual([]);
  });

  it.each([
    ['an unknown token', 401, () => ask('GET', comments(), undefined, 'ghp_unknown')],
    ['a write with a read-only token', 403, () => ask('POST', comments(), { body: 'x' }, TOKENS.readOnly)],
    ['GET /user by an installation', 403, () => ask('GET', '/user')],
    ['a comment of 65,537 characters', 422, () => ask('POST', comments(), { body: 'x'.repeat(65_537) })],
  ])('refuses %s', async (_, status, request) => {
    expect((await request()).status).toBe(status);
    expect(github.proxy.violations).toEqual([]);
  });
});
