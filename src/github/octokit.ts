import type { getOctokit } from '@actions/github';

import type { EventPayload, Occasion, Repository } from './occasion.ts';
import { occasionOf } from './occasion.ts';
import { Refused } from './ask.ts';

export type Octokit = ReturnType<typeof getOctokit>;

const REQUEST_TIMEOUT_MS = 30_000;

/** GitHub as this run may speak to it, and what the run is about. */
export interface Connection {
  readonly octokit: Octokit;
  /** The repository that the workflow belongs to. */
  readonly repository: Repository;
  readonly occasion: Occasion;
  readonly payload: EventPayload;
}

/**
 * Addresses and proxies are those of the runner's environment: `GITHUB_API_URL`, `https_proxy`.
 *
 * @throws Refused for a token that is none
 */
export async function connect(token: string): Promise<Connection> {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Refused(
      `the input "github-token" ${token === '' ? 'is empty' : 'holds characters that no token has'}; leave it out to use the workflow's own.`,
    );
  }
  // Imported only here: it reads the environment and the event file as it loads, and throws on a broken one.
  const { context, getOctokit } = await import('@actions/github');
  const payload: EventPayload = context.payload;
  return {
    octokit: impatient(getOctokit(token)),
    repository: context.repo,
    occasion: occasionOf(payload, process.env),
    payload,
  };
}

/** Octokit itself waits for an answer for ever. */
export function impatient(octokit: Octokit, timeout = REQUEST_TIMEOUT_MS): Octokit {
  octokit.hook.before('request', ({ request }) => {
    request.signal = AbortSignal.timeout(timeout);
  });
  return octokit;
}
