import { setTimeout as sleep } from 'node:timers/promises';

import { ServerFailure } from './server-failure.ts';

const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

/** A job is billed by the minute: a server's request for a longer pause than this is taken as a no. */
const LONGEST_ASKED_MS = 60_000;

/**
 * Does `work` again when it fails in a way that may pass, after the pause that the server asks for, or after one drawn
 * from an interval that doubles: many clients that lost the same server shall not come back in step.
 *
 * @throws ServerFailure the last one, with the number of tries
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServerFailure) || !error.mayPass) throw error;
      const { message, status, retryAfter = 0 } = error;
      if (tries === MOST_TRIES || retryAfter > LONGEST_ASKED_MS) {
        throw new ServerFailure(`${message}, after ${tries} ${tries === 1 ? 'try' : 'tries'}`, { status });
      }
      await sleep(retryAfter || Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
    }
  }
}

/**
 * Milliseconds that a `retry-after` header asks for: seconds or a date, as HTTP has it (RFC 9110, 10.2.3); undefined where
 * it is neither.
 */
export function askedPause(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
