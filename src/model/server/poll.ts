import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '../../foundation/logger.ts';
import type { Connection } from './connection.ts';
import type { Answer } from './exchange.ts';
import { ServerFailure } from '../../foundation/server-failure.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

export interface Patience {
  /** Milliseconds until the last question. */
  readonly patience: number;
  /** Statuses that may pass, besides those that always do. */
  readonly notYet: readonly number[];
  /** Milliseconds that an answer may take. Default: what is left. */
  readonly deadline?: number;
  readonly logger: Logger;
}

/**
 * Asks until there is an answer, as long as what comes in its place may pass.
 *
 * @throws ServerFailure the last one
 */
export async function poll(
  url: string,
  connection: Connection,
  { patience, notYet, deadline, logger }: Patience,
): Promise<Answer> {
  const end = Date.now() + patience;
  // Whoever gives it few seconds does not want half of them slept away.
  const longest = Math.min(LONGEST_PAUSE_MS, patience / 10);
  let before: ServerFailure | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, longest)) {
    try {
      return await connection.ask(
        { method: 'GET', url },
        { deadline: deadline ?? Math.max(1, end - Date.now()) },
      );
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      const { mayPass, status = 0, message } = error;
      const passes = mayPass || notYet.includes(status);
      const isLast = Date.now() + pause > end;
      // The last question may be cut short by our own end, which says less than the answer before.
      if (isLast && !passes) throw before ?? error;
      if (isLast || !passes) throw error;
      before = error;
      if (pause === FIRST_PAUSE_MS) logger.info(`Waiting for ${url}: ${message}.`);
      await sleep(pause);
    }
  }
}
