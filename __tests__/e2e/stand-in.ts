import type { Emulator } from 'emulate';
import { createEmulator } from 'emulate';

import type { Token } from './validating-proxy.ts';
import { ValidatingProxy, whole } from './validating-proxy.ts';

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
  readonly node_id: string;
  readonly body: string;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
}

/** The commit of a pull request, and where it lies. */
export interface Head {
  readonly number: number;
  readonly sha: string;
  readonly branch: string;
  /** `owner/name` of the repository that holds the branch. */
  readonly repository: string;
}

/** A GitHub on loopback with one repository and one pull request. */
export interface StandIn {
  readonly proxy: ValidatingProxy;
  /** What GITHUB_API_URL is. */
  readonly apiUrl: string;
  readonly pullRequest: number;
  /** Of that pull request, whose branch is the repository's own. */
  readonly head: Head;
  /** Makes a fork with another pull request. */
  openFork(): Promise<Head>;
  /** Every comment of the pull request, read behind the proxy's back. */
  comments(number?: number): Promise<Comment[]>;
  deleteComment(id: number): Promise<void>;
  /** As the workflow's bot, behind the proxy's back. */
  editComment(id: number, body: string): Promise<void>;
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
  const open = async (who: keyof typeof TOKENS, from: string, branch: string): Promise<Head> => {
    const pull = await send<Pull>(who, `${repo}/pulls`, {
      title: 'Retrain the audio expert',
      head: from,
      base: 'main',
    });
    return { number: pull.number, sha: pull.head.sha, branch, repository: pull.head.repo.full_name };
  };
  const head = await open('personal', 'retrain-audio', 'retrain-audio');
  const { number } = head;
  const comments = (of = number) => `${repo}/issues/${of}/comments`;
  // The stand-in has no such list. GitHub's knows the pull requests of its own branches alone.
  proxy.answers.set('repos/list-pull-requests-associated-with-commit', async ({ pathValues }) => {
    const all = await send<Pull[]>('personal', `${repo}/pulls?state=all`);
    const own = all.filter(({ head: { sha, repo: from } }) => {
      return sha === pathValues.commit_sha && from.full_name === `${OWNER}/${REPO}`;
    });
    return { status: 200, headers: {}, body: own };
  });
  return {
    proxy,
    apiUrl,
    pullRequest: number,
    head,
    openFork: async () => {
      await send('stranger', `${repo}/forks`, {});
      return open('stranger', 'mallory:patch-1', 'patch-1');
    },
    comments: (of) => allPages<Comment>(comments(of)),
    deleteComment: (id) => change('DELETE', `${repo}/issues/comments/${id}`),
    editComment: (id, body) => change('PATCH', `${repo}/issues/comments/${id}`, { body }),
    commentAs: (who, body) => send<Comment>(who, comments(), { body }),
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
  return JSON.parse(await response.text(), whole) as T;
}

interface Pull {
  readonly number: number;
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } };
}

async function change(method: string, url: string, body?: unknown): Promise<void> {
  await fetch(url, {
    method,
    headers: { authorization: `token ${TOKENS.workflow}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function allPages<T>(url: string): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; ; page++) {
    const next = await send<T[]>('personal', `${url}?per_page=100&page=${page}`);
    items.push(...next);
    if (next.length < 100) return items;
  }
}
