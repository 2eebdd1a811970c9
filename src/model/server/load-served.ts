import { parseServerUrl, TOKEN_VARIABLE } from '../../config/server-url.ts';
import type { ServerWishes } from '../../config/gate-config.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Feed, LoadedModel } from '../loaded-model.ts';
import { awaitModel } from './await-model.ts';
import { connect, type Connection } from './connection.ts';
import { readAnswer } from './infer-answer.ts';
import { requestEncoder } from './infer-request.ts';
import { type ModelMetadata, readModelMetadata, readServerMetadata, type ServedTensor } from './metadata.ts';

/** Largest difference, relative to the largest output, between two answers of servers that batch and place as they like. */
const TOLERANCE = 1e-5;

/**
 * What a request may hold, by the width of its numbers: proxies and servers refuse large ones, and several under way keep
 * more of a server busy. In JSON a number takes about five times its width.
 */
const PASS_BYTES = { binary: 4 * 2 ** 20, json: 2 ** 20 };

/** What an answer may have in any case, and what a number of it may take, as JSON or as bytes. */
const LEAST_ANSWER_BYTES = 16 * 2 ** 20;
const NUMBER_BYTES = 32;
/** Where the shape of an output leaves open how large it is. */
const MOST_ANSWER_BYTES = 512 * 2 ** 20;

/**
 * Opens a model behind a server of the Open Inference Protocol (version 2, REST): KServe, Triton, MLServer, TorchServe,
 * OpenVINO.
 *
 * @param path its address, which has been found to be one
 * @throws ConfigurationError when the server cannot be reached, does not become ready, or has no such model
 */
export async function loadServed(path: string, wishes: ServerWishes, logger: Logger): Promise<LoadedModel> {
  const { requestTimeout, readyTimeout, concurrency, command, isTrusted = false } = wishes;
  const given = process.env[TOKEN_VARIABLE] ?? '';
  const token = isTrusted && given !== '' ? given : undefined;
  const connection = connect(parseServerUrl(path), { deadline: requestTimeout * 1000, concurrency, token });
  try {
    const answer = await awaitModel(connection, { patience: readyTimeout * 1000, command, logger });
    const metadata = readModelMetadata(answer, connection);
    const { product, isBinary } = await readServerMetadata(connection);
    logger.debug(
      `Model "${path}": tensors travel as ${isBinary ? 'bytes' : 'JSON'}, ${concurrency} requests at a time.`,
    );
    const engine = `Open Inference Protocol (${product}${versionOf(connection, metadata)})`;
    return { engine, concurrency, ...servedModel(connection, metadata, isBinary) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function servedModel(
  connection: Connection,
  { inputs, outputs }: ModelMetadata,
  isBinary: boolean,
): Omit<LoadedModel, 'engine' | 'concurrency'> {
  const encode = requestEncoder(inputs, isBinary);
  const url = `${connection.url.model}/infer`;
  return {
    inputs,
    outputs,
    tolerance: TOLERANCE,
    passBytes: isBinary ? PASS_BYTES.binary : PASS_BYTES.json,
    run: async (feeds, fetch) => {
      const size = largestAnswer(outputs, rowsOf(feeds));
      const answer = await connection.insist({ method: 'POST', url, ...encode(feeds, fetch) }, size);
      return readAnswer(answer, outputs, fetch);
    },
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}

/** The version that answers, where there is no doubt about it. */
function versionOf({ url }: Connection, { versions }: ModelMetadata): string {
  const version = url.version ?? (versions.length === 1 ? versions[0] : undefined);
  return version === undefined ? '' : `, model version ${version.slice(0, 50)}`;
}

/** Most rows that a pass can have: examples are on the first or the second axis. */
function rowsOf(feeds: Readonly<Record<string, Feed>>): number {
  return Math.max(1, ...Object.values(feeds).flatMap(({ shape }) => shape.slice(0, 2)));
}

/** Bytes of an answer, known before it is read. All outputs count: some servers give more than was asked for. */
function largestAnswer(outputs: readonly ServedTensor[], rows: number): number {
  const numbers = outputs.map(({ shape }) => {
    const isKnown = shape!.filter((size) => size === null).length <= 1;
    return isKnown ? shape!.reduce<number>((product, size) => product * (size ?? rows), 1) : Infinity;
  });
  const total = numbers.reduce((sum, count) => sum + count, 0) * NUMBER_BYTES;
  return Math.min(MOST_ANSWER_BYTES, Math.max(LEAST_ANSWER_BYTES, total));
}
