import type { Logger } from '../foundation/logger.ts';
import { Refused } from './ask.ts';
import { readFailure } from './failure.ts';

/** Does what may fail: where it does, a warning says so in one sentence, and the run goes on. */
export async function bestEffort(
  what: string,
  work: () => void | Promise<void>,
  token: string,
  logger: Logger,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.warning(`${what}: ${reasonOf(error, token)}`);
  }
}

/** What went wrong, as a sentence. What a network layer says may quote the request, and the request holds the token. */
export function reasonOf(error: unknown, token: string): string {
  const why = error instanceof Refused ? error.message : `${readFailure(error).message}.`;
  return token === '' ? why : why.replaceAll(token, '***');
}
