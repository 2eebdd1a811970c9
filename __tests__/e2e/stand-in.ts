import type { Emulator } from 'emulate';
import { createEmulator } from 'emulate';

import type { Token } from './validating-proxy.ts';
import { ValidatingProxy } from './validating-proxy.ts';

export const OWNER = 'octo-lab';
export const REPO = 'stress-model';

/** Owns a repository too, with the token `personal`. */
export const PERSON = 'mona';

/** Tokens that this GitHub knows, by what they can do. They look like GitHub's, so that a leak would. */
export const TOKENS = {
  workflow: 'ghs_workflowToken00000000000000000000001',
  readOnly: 'ghs_readOnlyToken00000000000000000000002',
  app: 'ghs_appToken0000000000000000000000000003',
  personal: 'ghp_personalToken0000000000000000000004',
  stranger: 'ghp_strangerToken0000000000000000000005',
} as const;

const OWNERS: Record<keyof typeof TOKENS, Token> = {
  workflow: { login: 'github-actions[bot]', kind: 'installation', mayWrite: true },
  readOnly: { login: 'github-actions[bot]', kind: 'installation', mayWrite: false },
  app: { login: 'lab-reporter[bot]', kind: 'installation', mayWrite: true },
  personal: { login: 'mona', kind: 'personal', mayWrite: true },
  stranger: { login: 'mallory', kind: 'personal', mayWrite: true },
};

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
}

/** A GitHub on loopback with one repository and one pull request. */
export interface StandIn {
  readonly proxy: ValidatingProxy;
  /** What GITHUB_API_URL is. */
  readonly apiUrl: string;
  readonly pullRequest: number;
  /** Every comment of the pull request, read behind the proxy's back. */
  comments(): Promise<Comment[]>;
  commentAs(who: keyof typeof TOKENS, body: string): Promise<Comment>;
  close(): Promise<void>;
}

export async function startStandIn(
  options: { prefix?: string; hasGraphql?: boolean } = {},
): Promise<StandIn> {
  const whos = Object.keys(TOKENS) as (keyof typeof TOKENS)[];
  const proxy = await ValidatingProxy.start({
    tokens: Object.fromEntries(whos.map((who) => [TOKENS[who], OWNERS[who]])),
    ...options,
  });
  const apiUrl = `${proxy.origin}${options.prefix ?? ''}`;
  const emulator = await startEmulator();
  const origin = `http://127.0.0.1:${new URL(emulator.url).port}`;
  proxy.forwardTo(origin);
  const repo = `${origin}/repos/${OWNER}/${REPO}`;
  const { number } = await send<{ number: number }>('personal', `${repo}/pulls`, {
    title: 'Retrain the audio expert',
    head: 'retrain-audio',
    base: 'main',
  });
  const comments = `${repo}/issues/${number}/comments`;
  return {
    proxy,
    apiUrl,
    pullRequest: number,
    comments: () => allPages<Comment>(comments),
    commentAs: (who, body) => send<Comment>(who, comments, { body }),
    close: async () => {
      await Promise.all([proxy.close(), emulator.close()]);
    },
  };
}

function startEmulator(): Promise<Emulator> {
  const logins = [...new Set(Object.values(OWNERS).map(({ login }) => login))];
  const tokens = Object.entries(TOKENS).map(([who, token]) => [
    token,
    { login: OWNERS[who as keyof typeof TOKENS].login, scopes: ['repo', 'user'] },
  ]);
  return createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: Object.fromEntries(tokens) as Record<string, { login: string; scopes: string[] }>,
      github: {
        users: logins.map((login) => ({ login, email: `${login.replace('[bot]', '')}@example.com` })),
        orgs: [{ login: OWNER, name: 'Octo Lab' }],
        repos: [
          { owner: OWNER, name: REPO, auto_init: true },
          // Here nobody but an owner may write to Git; the workflow's token has no such place in an organisation.
          { owner: PERSON, name: REPO, auto_init: true },
        ],
      },
    },
  });
}

async function send<T>(who: keyof typeof TOKENS, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `token ${TOKENS[who]}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the stand-in answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function allPages<T>(url: string): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; ; page++) {
    const next = await send<T[]>('personal', `${url}?per_page=100&page=${page}`);
    items.push(...next);
    if (next.length < 100) return items;
  }
}
