import type { Errand } from './errands.ts';

/** What went wrong with a request to GitHub. */
export interface Failure {
  /** HTTP status; undefined where no response came, or the failure is not one of HTTP. */
  readonly status?: number;
  /** GitHub's own words, or those of the network, on one line. */
  readonly message: string;
  /** The request got no response: DNS, proxy, TLS, timeout. */
  readonly unreachable: boolean;
  readonly rateLimited: boolean;
  /** Milliseconds that GitHub asks to wait. */
  readonly retryAfter?: number;
}

const MAX_MESSAGE = 200;

/** Where GitHub limits a token and does not say for how long, its documentation asks for a minute. */
const UNSAID_PAUSE_MS = 60_000;

/** What Octokit throws, read by its shape: its error classes are no dependency of ours. */
interface RequestErrorShape {
  readonly status?: unknown;
  /** Of GraphQL, which answers with 200 and says in here what went wrong. */
  readonly errors?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly response?: {
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly data?: unknown;
  };
}

/** The statuses of REST for what GraphQL calls by a word. */
const GRAPHQL_STATUSES = new Map<unknown, number>([
  ['FORBIDDEN', 403],
  ['INSUFFICIENT_SCOPES', 403],
  ['NOT_FOUND', 404],
  ['RATE_LIMITED', 429],
  ['UNPROCESSABLE', 422],
]);

export function readFailure(error: unknown): Failure {
  const { status, response, errors, headers = {} } = (error ?? {}) as RequestErrorShape;
  const fallback = error instanceof Error ? error.message : String(error);
  if (typeof status !== 'number') {
    const types = (Array.isArray(errors) ? (errors as unknown[]) : []).map((one) => {
      return (one as { readonly type?: unknown } | null)?.type;
    });
    const known = types.map((type) => GRAPHQL_STATUSES.get(type)).find((of) => of !== undefined);
    if (known !== undefined) return answered(known, wordsOf({ errors }), headers);
    return { message: oneLine(fallback), unreachable: false, rateLimited: false };
  }
  // Octokit gives a request that got no response the status 500.
  if (response === undefined) return { message: oneLine(fallback), unreachable: true, rateLimited: false };
  return answered(status, wordsOf(response.data), response.headers ?? {});
}

/** A failure that GitHub itself told. */
function answered(
  status: number,
  words: string,
  headers: Readonly<Record<string, string | undefined>>,
): Failure {
  const message = oneLine(words);
  // GitHub answers an exhausted quota with 403 as often as with 429, and then says so in a header or in words.
  const exhausted = headers['x-ratelimit-remaining'] === '0';
  const limited = exhausted || headers['retry-after'] !== undefined || /rate limit/i.test(message);
  const rateLimited = status === 429 || (status === 403 && limited);
  return {
    status,
    message,
    unreachable: false,
    rateLimited,
    retryAfter: waitingTime(headers, exhausted) ?? (rateLimited ? UNSAID_PAUSE_MS : undefined),
  };
}

/** One sentence for the user: what GitHub said, and what mends it. `tries` is how often it was asked. */
export function describeFailure(failure: Failure, errand: Errand, tries: number): string {
  const { status, message, unreachable, rateLimited } = failure;
  const { thing, deed, permission, missing, check } = errand;
  const said = `(${[status, message].filter((part) => part !== undefined && part !== '').join(': ')})`;
  if (unreachable) return `GitHub could not be reached in ${tries} tries ${said}.`;
  if (rateLimited) return `GitHub limits how often this token may ask ${said}; run the job again later.`;
  switch (status) {
    case undefined:
      return `${message}.`;
    case 401:
      return `GitHub does not accept the token ${said}; leave "github-token" out to use the workflow's own, with the permission \`${permission}\`.`;
    case 403:
      return /\blocked\b/i.test(message)
        ? `the conversation is locked ${said}; unlock it, or give a token that may write there.`
        : `the token may not ${deed} ${said}; give the job \`permissions: { ${permission} }\`${isWrite(permission) ? ', which the token of a pull request from a fork does not get' : ''}.`;
    case 404:
      return `the token sees ${missing} ${said}; check ${check ?? 'the repository'}, and that the token has the permission \`${permission}\` there.`;
    case 409:
      return `something else was changing the same thing all ${tries} times ${said}; run the job again.`;
    case 410:
      return `it is no longer there ${said}.`;
    default:
      return status >= 500
        ? `GitHub failed ${tries} times ${said}; run the job again later.`
        : `GitHub rejected ${thing} ${said}.`;
  }
}

function isWrite(permission: string): boolean {
  return permission.endsWith(': write');
}

function waitingTime(
  headers: Readonly<Record<string, string | undefined>>,
  exhausted: boolean,
): number | undefined {
  const after = Number(headers['retry-after'] ?? NaN);
  if (Number.isFinite(after)) return Math.max(0, after * 1000);
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN);
  return exhausted && Number.isFinite(reset) ? Math.max(0, reset * 1000 - Date.now()) : undefined;
}

/** Empty for a body that is not GitHub's JSON, such as the HTML page of a gateway. A 422 says more in `errors`. */
function wordsOf(data: unknown): string {
  const { message, errors } = (data ?? {}) as { readonly message?: unknown; readonly errors?: unknown };
  const details = (Array.isArray(errors) ? (errors as unknown[]) : []).map((error) =>
    typeof error === 'string' ? error : (error as { message?: unknown } | null)?.message,
  );
  return [message, ...details].filter((text) => typeof text === 'string').join(', ');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}...` : line;
}
