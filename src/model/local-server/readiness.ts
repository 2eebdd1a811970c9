import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { ConfigurationError } from '../../foundation/errors.ts';
import type { Logger } from '../../foundation/logger.ts';

const PAUSE_MS = 200;
const LONGEST_ANSWER_MS = 5000;
const REMIND_MS = 15_000;

/** What is waited for, and how it is called. */
export interface Waiting {
  /** Address of the model: `http://127.0.0.1:8080/v2/models/NAME`. */
  readonly url: string;
  /** As the user wrote it. */
  readonly command: string;
  /** Seconds. */
  readonly timeout: number;
  /** Aborted when there is nothing left to wait for; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * A server that is there already would be judged in place of the one to be started.
 *
 * @throws ConfigurationError when something listens at the address
 */
export async function refuseOccupied(url: string, command: string): Promise<void> {
  const { hostname, port, origin } = new URL(url);
  if (!(await listens(hostname.replace(/^\[|\]$/g, ''), Number(port || 80)))) return;
  throw new ConfigurationError(
    `Something listens at ${origin} already, so "${command}" is not started: another server's model would be judged. Stop that server or choose another port; to judge what it serves, leave the command out.`,
  );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LONGEST_ANSWER_MS });
    const answer = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}

/**
 * Waits until server and model both say that they are ready, as the Open Inference Protocol has it: status 200 at
 * `v2/health/ready` and at `v2/models/NAME/ready`.
 *
 * @throws ConfigurationError when they do not in time; the signal's reason when it is aborted
 */
export async function untilReady({ url, command, timeout, signal, logger }: Waiting): Promise<void> {
  const addresses = [`${url.replace(/\/v2\/models\/.*$/s, '')}/v2/health/ready`, `${url}/ready`];
  const started = performance.now();
  let reminders = 0;
  for (;;) {
    signal.throwIfAborted();
    const found = await firstNotReady(addresses);
    signal.throwIfAborted();
    if (found === undefined) return;
    const waited = performance.now() - started;
    if (waited > timeout * 1000) {
      throw new ConfigurationError(
        `The server "${command}" was not ready within ${timeout} seconds: ${found}. Its last lines are in the log; "command-timeout" gives it longer.`,
      );
    }
    if (waited > (reminders + 1) * REMIND_MS) {
      reminders++;
      logger.info(`Still waiting for "${command}": ${found}.`);
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What the first address says that is not ready, as a part of a sentence. */
async function firstNotReady(addresses: readonly string[]): Promise<string | undefined> {
  for (const address of addresses) {
    const found = await ask(address);
    if (found !== 200) return `GET ${address} ${found}`;
  }
  return undefined;
}

/** The status of the answer; where it is another one than 200, or there is none, words for it. */
function ask(address: string): Promise<200 | string> {
  return new Promise((resolve) => {
    const request = get(address, { agent: false, timeout: LONGEST_ANSWER_MS }, (response) => {
      const { statusCode } = response;
      response.destroy();
      resolve(statusCode === 200 ? 200 : `was answered with status ${statusCode}`);
    });
    request.once('timeout', () => {
      request.destroy();
      resolve('was not answered');
    });
    request.once('error', () => {
      resolve('was not answered');
    });
  });
}
