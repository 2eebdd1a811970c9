import type { Failure } from './failure.ts';
import { readFailure } from './failure.ts';

export const MAX_TRIES = 3;

/** A job is billed by the minute: GitHub's request for a longer pause than this is taken as a no. */
const MAX_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1000;

/** The failure that remained, and how many tries it took to be sure. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp';
  readonly failure: Failure;
  readonly tries: number;

  constructor(failure: Failure, tries: number) {
    super(failure.message);
    this.failure = failure;
    this.tries = tries;
  }
}

/**
 * Does `work` again when GitHub fails in a way that may pass: no response, a 5xx, a conflict, or a rate limit, after the
 * pause that GitHub asks for or 1 s, then 3 s.
 *
 * The whole of `work` is repeated, not the one request in it: a request that seemed to fail may have had its effect, and
 * only looking again tells.
 *
 * @throws GaveUp
 */
export async function withRetries<T>(work: () => Promise<T>, pause = sleep): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const failure = readFailure(error);
      const wait = failure.retryAfter ?? FIRST_PAUSE_MS * 3 ** (tries - 1);
      if (tries === MAX_TRIES || !mayPass(failure) || wait > MAX_PAUSE_MS) throw new GaveUp(failure, tries);
      await pause(wait);
    }
  }
}

/** Statuses below 500 that say "not now": the server waited too long for us, or something else was faster. */
const NOT_NOW = new Set([408, 409]);

function mayPass({ status, unreachable, rateLimited }: Failure): boolean {
  return unreachable || rateLimited || (status !== undefined && (status >= 500 || NOT_NOW.has(status)));
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
