import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import { networkFailure, ServerFailure } from '../../foundation/server-failure.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Limits {
  /** Milliseconds from the first byte sent to the last one received. */
  readonly deadline: number;
  /** Bytes of the answer. */
  readonly size: number;
}

/**
 * One request and its answer, whatever its status. Redirects are not followed: they could lead to a host that nobody has
 * allowed.
 *
 * @throws ServerFailure when the connection fails, the deadline passes, or the answer is too large
 */
export function exchange(call: Call, agent: Agent, { deadline, size }: Limits): Promise<Answer> {
  const { method, url, headers = {}, body } = call;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': body.byteLength };
    const open = url.startsWith('https:') ? requestHttps : requestHttp;
    const request = open(url, { method, agent, headers: { ...headers, ...length } });
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    const fail = (error: unknown): void => {
      settle(() => {
        reject(error instanceof ServerFailure ? error : networkFailure(error));
      });
    };
    const timer = setTimeout(() => {
      const late = new ServerFailure(`it did not answer within ${deadline / 1000} s`);
      fail(late);
      request.destroy();
    }, deadline);
    request.on('error', fail);
    request.on('response', (response) => {
      received(response, size).then((answer) => {
        settle(() => {
          resolve(answer);
        });
      }, fail);
    });
    request.end(body);
  });
}

async function received(response: IncomingMessage, size: number): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > size) throw tooLarge(response, `${announced} bytes, where at most ${size} can be meant`);
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    total += part.byteLength;
    if (total > size) throw tooLarge(response, `more than the ${size} bytes that can be meant`);
    parts.push(part);
  }
  return { status, headers, body: Buffer.concat(parts, total) };
}

function tooLarge(response: IncomingMessage, found: string): ServerFailure {
  response.destroy();
  return new ServerFailure(`it answers with ${found}`);
}
