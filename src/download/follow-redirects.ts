import type { Agent, IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { BlockList, isIP } from 'node:net';

import { askedPause } from '../foundation/retries.ts';
import { ServerFailure } from '../foundation/server-failure.ts';
import { proxyAgent } from './proxy-agent.ts';
import type { Source } from './source.ts';

const MOST_REDIRECTS = 5;

/** Networks that only machines inside them reach. */
const INSIDE = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  INSIDE.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  INSIDE.addSubnet(network, bits, 'ipv6');
}

/** How requests are made. */
export interface Way {
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
  /** Names the proxy, if there is one. */
  readonly environment: NodeJS.ProcessEnv;
  /** Default: a connection as the environment says. */
  readonly agent?: Agent;
}

/**
 * The answer with the file, after redirects. They are followed as far as they lead over https, and not from outside to a
 * host inside the runner's network: the host was allowed, where it points to was not. The token stays with its origin.
 *
 * @throws ServerFailure when there is no such answer
 */
export async function followRedirects(source: Source, way: Way): Promise<IncomingMessage> {
  let { url } = source;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await ask(url, source, way);
    const { statusCode: status = 0, headers } = answer;
    if (status === 200) return answer;
    answer.destroy();
    if (status < 300 || status >= 400 || headers.location === undefined) throw refusal(answer, source);
    url = nextUrl(headers.location, url);
  }
  throw new ServerFailure(`it is sent on more than ${MOST_REDIRECTS} times`);
}

function ask(
  url: URL,
  { url: first, token }: Source,
  { signal, environment, agent = proxyAgent(url, environment) }: Way,
): Promise<IncomingMessage> {
  const own = token !== undefined && url.origin === first.origin ? { authorization: `Bearer ${token}` } : {};
  // Bytes as they are: the hash is that of the file.
  const headers = { 'user-agent': 'fusion-gate', 'accept-encoding': 'identity', ...own };
  return new Promise((resolve, reject) => {
    get(url, { agent, signal, headers }, resolve).on('error', reject);
  });
}

function nextUrl(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw new ServerFailure('it is sent on to what is no address');
  const next = new URL(location, from);
  if (next.protocol !== 'https:') {
    throw new ServerFailure(`it is sent on to ${next.protocol}//${next.host}, and only https:// is followed`);
  }
  if (isInside(next.hostname) && !isInside(from.hostname)) {
    throw new ServerFailure(
      `it is sent on to ${next.host}, a host inside the network, which is not followed`,
    );
  }
  return next;
}

function isInside(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  if (version === 0) return address === 'localhost' || address.endsWith('.localhost');
  return INSIDE.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

function refusal(
  { statusCode: status = 0, headers }: IncomingMessage,
  { token, tokenVariable }: Source,
): ServerFailure {
  if (status === 429 || status === 408 || status >= 500) {
    const retryAfter = askedPause(headers['retry-after']);
    return new ServerFailure(`it answers ${status}`, { status, mayPass: true, retryAfter });
  }
  if (status === 404 || status === 410) {
    return new ServerFailure(`it answers ${status}: there is no such file`, { status });
  }
  if (status === 407) {
    return new ServerFailure('the proxy answers 407: it asks for a name and a password', { status });
  }
  const mayBePrivate = (status === 401 || status === 403) && tokenVariable !== undefined;
  if (!mayBePrivate) return new ServerFailure(`it answers ${status}`, { status });
  const hint =
    token === undefined
      ? `no such file, or a private one; a token that may read it belongs in the environment variable ${tokenVariable}`
      : `no such file, or one that the token of ${tokenVariable} may not read`;
  return new ServerFailure(`it answers ${status}: ${hint}`, { status });
}
