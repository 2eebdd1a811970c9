import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';

import { type ServerUrl, TOKEN_VARIABLE } from '../../config/server-url.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import { refuseStatus } from './answer-status.ts';
import { type Answer, type Call, exchange } from './exchange.ts';
import { withRetries } from '../../foundation/retries.ts';

/** Metadata and error messages: text that a person could read. */
const MOST_TEXT_BYTES = 4 * 2 ** 20;

/** A way to one server, on which connections are kept open. */
export interface Connection {
  readonly url: ServerUrl;
  /** Milliseconds that one request may take. */
  readonly deadline: number;
  /**
   * One try.
   *
   * @throws ServerFailure when the answer has another status than 200, besides what `exchange` throws
   */
  ask(call: Call, limits?: Partial<{ readonly deadline: number; readonly size: number }>): Promise<Answer>;
  /** The same, again where it fails in a way that may pass. */
  insist(call: Call, size?: number): Promise<Answer>;
  close(): void;
}

export interface ConnectionWishes {
  readonly deadline: number;
  readonly concurrency: number;
  /** Shown to the server as a bearer token. */
  readonly token?: string;
}

/** @throws ConfigurationError when the token cannot be sent in a header */
export function connect(url: ServerUrl, { deadline, concurrency, token }: ConnectionWishes): Connection {
  const options = { keepAlive: true, maxSockets: concurrency };
  const agent = url.origin.startsWith('https:') ? new SecureAgent(options) : new Agent(options);
  const own: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${sendable(token)}` };
  const ask: Connection['ask'] = async (call, limits) => {
    const headers = { accept: 'application/json', ...own, ...call.headers };
    const bounds = { deadline, size: MOST_TEXT_BYTES, ...limits };
    const answer = await exchange({ ...call, headers }, agent, bounds);
    refuseStatus(answer, token);
    return answer;
  };
  return {
    url,
    deadline,
    ask,
    insist: (call, size = MOST_TEXT_BYTES) => withRetries(() => ask(call, { size })),
    close: () => {
      agent.destroy();
    },
  };
}

function sendable(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ConfigurationError(
    `The environment variable ${TOKEN_VARIABLE} holds blanks, line breaks or letters beyond ASCII, which no token has. Set it to the token alone.`,
  );
}
