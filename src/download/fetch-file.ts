import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Agent } from 'node:https';

import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { networkFailure, ServerFailure } from '../foundation/server-failure.ts';
import { MAX_FILE_BYTES } from '../foundation/workspace.ts';
import { followRedirects } from './follow-redirects.ts';
import type { Source } from './source.ts';

export interface FetchLimits {
  /** Bytes of the file. */
  readonly size: number;
  /** Milliseconds in which nothing may come. */
  readonly silence: number;
  /** Milliseconds that all of it may take. */
  readonly deadline: number;
}

export const FETCH_LIMITS: FetchLimits = { size: MAX_FILE_BYTES, silence: 60_000, deadline: 3_600_000 };

export interface FetchOptions {
  readonly limits: FetchLimits;
  readonly logger: Logger;
  /** What the progress is called. */
  readonly task: string;
  /** Takes what comes, piece by piece. A ConfigurationError that it throws ends the download. */
  readonly write: (piece: Buffer) => Promise<void>;
  /** Names the proxy, if there is one. */
  readonly environment: NodeJS.ProcessEnv;
  /** Default: a connection as the environment says. */
  readonly agent?: Agent;
}

/**
 * Downloads a file, one try.
 *
 * @returns the SHA-256 of what came, hexadecimal
 * @throws ServerFailure when it cannot be had, breaks off, or exceeds a limit
 */
export async function fetchFile(source: Source, options: FetchOptions): Promise<string> {
  const { limits, environment, agent } = options;
  const stop = new AbortController();
  const end = (milliseconds: number, reason: string, mayPass: boolean): NodeJS.Timeout =>
    setTimeout(() => {
      stop.abort(new ServerFailure(`${reason} ${milliseconds / 1000} s`, { mayPass }));
    }, milliseconds);
  const deadline = end(limits.deadline, 'it took longer than', false);
  const silence = end(limits.silence, 'nothing came for', true);
  try {
    const answer = await followRedirects(source, { signal: stop.signal, environment, agent });
    return await receive(answer, options, () => silence.refresh());
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason as ServerFailure;
    if (error instanceof ServerFailure || error instanceof ConfigurationError) throw error;
    throw networkFailure(error);
  } finally {
    clearTimeout(deadline);
    clearTimeout(silence);
  }
}

async function receive(
  answer: IncomingMessage,
  { limits, logger, task, write }: FetchOptions,
  heard: () => void,
): Promise<string> {
  const announced = Number(answer.headers['content-length'] ?? NaN);
  if (announced > limits.size) {
    answer.destroy();
    throw new ServerFailure(`it has ${announced} bytes, and at most ${limits.size} are downloaded`);
  }
  const progress = announced > 0 ? logger.progress(task, announced) : undefined;
  if (progress === undefined) logger.info(task);
  const hash = createHash('sha256');
  let total = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      total += chunk.byteLength;
      // Leaving the loop closes the connection.
      if (total > limits.size) {
        throw new ServerFailure(`it has more than the ${limits.size} bytes that are downloaded at most`);
      }
      hash.update(chunk);
      await write(chunk);
      progress?.advance(chunk.byteLength);
      heard();
    }
  } finally {
    progress?.done();
  }
  return hash.digest('hex');
}
