import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/download/${name}`, import.meta.url));

/** Trusts the certificate of the server. */
export const trusting = () => new Agent({ ca: fixture('cert.pem') });

/** The same for a process of its own: the value of NODE_EXTRA_CA_CERTS. */
export const CERTIFICATE = new URL('../fixtures/download/cert.pem', import.meta.url).pathname;

export const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Answers a request; `before` says how many there were to its path. */
export type Answer = (response: ServerResponse, request: IncomingMessage, before: number) => void;

export interface FileServer {
  /** `https://localhost:port` */
  readonly origin: string;
  /** As they came in: path and, where there was one, the token. */
  readonly requests: { readonly path: string; readonly token?: string }[];
  close(): Promise<void>;
}

/** A host of files that speaks TLS, with an answer by path; 404 for any other. */
export async function serveFiles(answers: Readonly<Record<string, Answer>>): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const server = createServer({ key: fixture('key.pem'), cert: fixture('cert.pem') }, (request, response) => {
    const path = request.url ?? '';
    const before = requests.filter((it) => it.path === path).length;
    const token = request.headers.authorization;
    requests.push({ path, ...(token !== undefined && { token }) });
    const answer = Object.hasOwn(answers, path) ? answers[path] : status(404);
    answer(response, request, before);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(code, headers).end('a page that says why');
  };
}

export function file(content: string | Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(content) }).end(content);
  };
}

export function redirect(location: string, code = 302): Answer {
  return status(code, { location });
}
