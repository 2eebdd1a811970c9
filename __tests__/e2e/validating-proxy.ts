import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Call } from './openapi.ts';
import { CommentHider } from './comment-hider.ts';
import { findCall, objectionsToRequest, objectionsToResponse } from './openapi.ts';
import { allowedBy, type Permissions } from './permissions.ts';

/** Whom a token belongs to, and what it may do. */
export interface Token {
  readonly login: string;
  /** An installation's token (the workflow's own is one) cannot ask `GET /user`. */
  readonly kind: 'installation' | 'personal';
  readonly mayWrite: boolean;
  /** Of a workflow's token; undefined: all that `mayWrite` allows. */
  readonly permissions?: Permissions;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** GitHub's operation id; undefined for what its REST description does not have. */
  readonly operation: string | undefined;
  /** What was sent, as JSON. */
  readonly body: unknown;
  readonly status: number;
}

/** GitHub failing on purpose. */
export interface Fault {
  /** An operation id, such as `issues/create-comment`, or `graphql`. */
  readonly operation: string;
  readonly status: number;
  /** How many requests fail before the rest succeed. */
  readonly times: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** The upstream does its work all the same, and only the answer is lost. */
  readonly afterTheFact?: boolean;
}

/** Answers an operation that the stand-in behind does not have; held against the description all the same. */
export type Answer = (call: Call, url: URL) => Promise<Reply> | Reply;

export interface ProxyOptions {
  readonly tokens: Readonly<Record<string, Token>>;
  /** `/api/v3` on GitHub Enterprise Server. */
  readonly prefix?: string;
  readonly hasGraphql?: boolean;
}

/**
 * GitHub's gate in front of a stand-in that is too kind: every request and response is held against GitHub's OpenAPI
 * description, and what GitHub refuses is refused. `violations` must be empty at the end of a test.
 */
export class ValidatingProxy {
  readonly requests: RecordedRequest[] = [];
  readonly violations: string[] = [];
  options: ProxyOptions;
  /** By operation id. */
  readonly answers = new Map<string, Answer>();
  /** What only GraphQL can do. */
  readonly hider = new CommentHider();
  /** Permissions by which something was allowed to a token that has a list of them, as `contents: read`. */
  readonly used = new Set<string>();
  /** Nobody but people who work here may write to a locked conversation. */
  isLocked = false;
  faults: { fault: Fault; left: number }[] = [];
  private upstream = '';
  private readonly server: Server;

  private constructor(options: ProxyOptions) {
    this.options = options;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        this.violations.push(`the proxy failed: ${String(error)}`);
        response.writeHead(500).end();
      });
    });
  }

  static async start(options: ProxyOptions): Promise<ValidatingProxy> {
    const proxy = new ValidatingProxy(options);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Where it listens, without the prefix. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  forwardTo(upstream: string): void {
    this.upstream = upstream;
  }

  fail(fault: Fault): void {
    this.faults.push({ fault, left: fault.times });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const text = await bodyOf(request);
    const { prefix = '' } = this.options;
    const method = request.method ?? 'GET';
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
    const call = url.pathname.startsWith(prefix) ? findCall(method, path) : undefined;
    const isGraphql = url.pathname === (prefix === '' ? '/graphql' : '/api/graphql');
    const reply = await this.replyTo({ request, url, path, method, text, call, isGraphql });
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    this.requests.push({ method, path, operation: call?.operation.id, body, status: reply.status });
    response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', ...reply.headers });
    response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  }

  private async replyTo(asked: Asked): Promise<Reply> {
    const { call, isGraphql, request, text } = asked;
    const token = this.tokenOf(request);
    if (token === undefined) return refusal(401, 'Bad credentials');
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const fault = this.nextFault(isGraphql ? 'graphql' : call?.operation.id);
    if (fault !== undefined && fault.afterTheFact !== true) return failed(fault);
    if (isGraphql) return this.graphql(body, token);
    if (call === undefined) {
      this.violations.push(`${asked.method} ${asked.url.pathname} is not an operation of GitHub`);
      return refusal(404, 'Not Found');
    }
    this.violations.push(...objectionsToRequest(call, asked.url.searchParams, body));
    const refused =
      this.refusePermission(call.operation.id, token) ?? refuse(call, token, body, this.isLocked);
    if (refused !== undefined) return refused;
    const answer = this.answers.get(call.operation.id);
    const reply = answer === undefined ? await this.forward(asked) : await answer(call, asked.url);
    this.violations.push(...objectionsToResponse(call, reply.status, reply.body));
    return fault === undefined ? reply : failed(fault);
  }

  /** What a token may not do by its permissions; notes by which of them it may. */
  private refusePermission(operation: string, { permissions }: Token): Reply | undefined {
    if (permissions === undefined) return undefined;
    const permission = allowedBy(permissions, operation);
    if (permission === undefined) return refusal(403, 'Resource not accessible by integration');
    if (permission !== '') this.used.add(permission);
    return undefined;
  }

  private tokenOf(request: IncomingMessage): Token | undefined {
    const given = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return given === undefined ? undefined : this.options.tokens[given];
  }

  private nextFault(operation: string | undefined): Fault | undefined {
    const next = this.faults.find(({ fault, left }) => fault.operation === operation && left > 0);
    if (next === undefined) return undefined;
    next.left--;
    return next.fault;
  }

  private graphql(body: unknown, token: Token): Reply {
    if (this.options.hasGraphql === false) return refusal(404, 'Not Found');
    const { query, variables } = body as { query: string; variables?: unknown };
    if (/^\s*query\s*\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query)) {
      return { status: 200, headers: {}, body: { data: { viewer: { login: token.login } } } };
    }
    const isDenied = this.refusePermission('graphql mutation', token) !== undefined;
    const answer = this.hider.answer(query, variables, token.mayWrite && !isDenied);
    if (answer === undefined) {
      this.violations.push(`GraphQL: this stand-in does not know ${query} with ${JSON.stringify(variables)}`);
    }
    return { status: 200, headers: {}, body: answer ?? { errors: [{ message: 'Not understood' }] } };
  }

  private async forward({ request, url, path, method, text }: Asked): Promise<Reply> {
    const answer = await fetch(`${this.upstream}${path}${url.search}`, {
      method,
      headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
      ...(text !== '' && { body: text }),
    });
    const link = answer.headers.get('link');
    const home = `${this.origin}${this.options.prefix ?? ''}`;
    return {
      status: answer.status,
      headers: link === null ? {} : { link: link.replaceAll(/https?:\/\/[^/>]+/g, home) },
      body: parsed(await answer.text()),
    };
  }
}

/** What the stand-in answers, as GitHub would: a 204 has no body, bots are encoded in addresses, and users are whole. */
function parsed(text: string): unknown {
  return text === '' ? undefined : (JSON.parse(withEncodedBots(text), whole) as unknown);
}

/** GitHub encodes the brackets of `github-actions[bot]` in addresses; the stand-in leaves addresses that are none. */
function withEncodedBots(json: string): string {
  return json.replaceAll(/"\w*url":"[^"]*"/g, (member) => member.replaceAll('[bot]', '%5Bbot%5D'));
}

/** Keys that GitHub has of everybody, and the stand-in of some. */
const USER_ADDRESSES = [
  'followers',
  'following',
  'gists',
  'organizations',
  'received_events',
  'starred',
  'subscriptions',
];

/** For JSON.parse: adds the addresses of users and of checks that the stand-in leaves out. */
export function whole(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('annotations_count' in value)
    return { annotations_url: 'https://api.github.com/annotations', ...value };
  if (!('avatar_url' in value) || !('url' in value)) return value;
  const addresses = USER_ADDRESSES.map((name) => [`${name}_url`, value.url]);
  return { gravatar_id: '', ...(Object.fromEntries(addresses) as object), ...value };
}

interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Without the prefix. */
  readonly path: string;
  readonly method: string;
  readonly text: string;
  readonly call: Call | undefined;
  readonly isGraphql: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What GitHub refuses and the stand-in behind does not. */
function refuse({ operation }: Call, token: Token, body: unknown, isLocked: boolean): Reply | undefined {
  if (operation.id === 'users/get-authenticated' && token.kind === 'installation') {
    return refusal(403, 'Resource not accessible by integration');
  }
  if (operation.method !== 'GET' && !token.mayWrite) {
    return refusal(403, 'Resource not accessible by integration');
  }
  if (operation.id === 'issues/create-comment' && isLocked) {
    return refusal(403, 'Unable to create comment because issue is locked.');
  }
  if (tooManyAnnotations(body)) return refusal(422, 'No more than 50 annotations per request');
  const comment = (body as { body?: unknown } | undefined)?.body;
  if (typeof comment === 'string' && Array.from(comment).length > 65_536) {
    return refusal(422, 'Validation Failed');
  }
  return undefined;
}

function tooManyAnnotations(body: unknown): boolean {
  const { output } = (body ?? {}) as { output?: { annotations?: unknown[]; summary?: string } };
  return (output?.annotations?.length ?? 0) > 50 || (output?.summary?.length ?? 0) > 65_535;
}

function refusal(status: number, message: string): Reply {
  return { status, headers: {}, body: { message, documentation_url: 'https://docs.github.com/rest' } };
}

function failed({ status, headers = {}, message = 'Server Error' }: Fault): Reply {
  return { status, headers, body: { message } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
