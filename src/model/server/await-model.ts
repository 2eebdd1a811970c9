import { ConfigurationError, didYouMean, enumerate } from '../../foundation/errors.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Connection } from './connection.ts';
import type { Answer } from './exchange.ts';
import { modelNames } from './metadata.ts';
import { poll } from './poll.ts';
import { ServerFailure } from '../../foundation/server-failure.ts';

/** Statuses of a server that has no such question: what it cannot tell is taken to be so. */
const UNTOLD = [404, 405, 501];

/** Besides 503: servers have different words for no. */
const NOT_READY = [400, 500];

/** No such model. A server that has just started may say so of one that it is about to load. */
const ABSENT = [400, 404];
const ABSENCE_MS = 3000;

const MOST_NAMES = 10;

interface Wait {
  /** Milliseconds until it must be ready. */
  readonly patience: number;
  /** What started the server, where this program did. */
  readonly command?: string;
  readonly logger: Logger;
}

/**
 * Waits until the server and the model are ready.
 *
 * @returns what the server answers to the question for the model's metadata
 * @throws ConfigurationError when that takes longer, when there is no such model, or when the server refuses to say
 */
export async function awaitModel(
  connection: Connection,
  { patience, command, logger }: Wait,
): Promise<Answer> {
  const { root, model, name, version } = connection.url;
  const ready = async (url: string, what: string): Promise<void> => {
    try {
      await poll(url, connection, { patience, notYet: NOT_READY, logger });
    } catch (error) {
      if (error instanceof ServerFailure && UNTOLD.includes(error.status ?? 0)) return;
      throw notReady(error, what, patience, command);
    }
  };
  await ready(`${root}/health/ready`, `The server "${root}"`);
  const metadata = await findModel(connection, Math.min(patience, ABSENCE_MS), logger);
  const versioned = version === undefined ? '' : ` in version "${version}"`;
  await ready(`${model}/ready`, `The model "${name}"${versioned} of the server "${root}"`);
  return metadata;
}

function notReady(error: unknown, what: string, patience: number, command?: string): unknown {
  if (!(error instanceof ServerFailure)) return error;
  const { status = 0, mayPass, message } = error;
  if (!mayPass && !NOT_READY.includes(status)) {
    return new ConfigurationError(`${what} cannot be asked whether it is ready: ${message}.`);
  }
  const remedy =
    command === undefined ? 'Start it before the gate' : `Let "${command}" serve at this address`;
  return new ConfigurationError(
    `${what} did not become ready within ${patience / 1000} s: ${message}. ${remedy}, or give it longer with server: {ready-timeout: ...}.`,
  );
}

async function findModel(connection: Connection, patience: number, logger: Logger): Promise<Answer> {
  const { root, model, name, version } = connection.url;
  try {
    const { deadline } = connection;
    return await poll(model, connection, { patience, notYet: ABSENT, deadline, logger });
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    if (!ABSENT.includes(error.status ?? 0)) {
      throw new ConfigurationError(
        `The server "${root}" does not describe the model "${name}": ${error.message}.`,
      );
    }
    const others = await modelNames(connection);
    const listed = others.length === 0 ? '' : ` Its models: ${enumerate(others, MOST_NAMES)}.`;
    const versioned = version === undefined ? '' : ` in version "${version}"`;
    throw new ConfigurationError(
      `The server "${root}" has no model "${name}"${versioned}: ${error.message}.${didYouMean(name, others)}${listed}`,
    );
  }
}
