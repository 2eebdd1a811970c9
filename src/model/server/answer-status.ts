import { TOKEN_VARIABLE } from '../../config/server-url.ts';
import { askedPause } from '../../foundation/retries.ts';
import { engineSays } from '../engine-failure.ts';
import type { Answer } from './exchange.ts';
import { ServerFailure } from '../../foundation/server-failure.ts';

/** Too many requests, and what stands before a server while it restarts. */
const PASSING = new Set([429, 502, 503, 504]);

const MOST_READ = 16 * 2 ** 10;

/** @throws ServerFailure for any other status than 200, with what the server says of it */
export function refuseStatus(answer: Answer, token: string | undefined): void {
  const { status, headers } = answer;
  if (status === 200) return;
  const says = saying(answer, token);
  if (status >= 300 && status < 400) {
    throw new ServerFailure(
      `it sends the request on to another address (${status}), which is not followed; name that address`,
      { status },
    );
  }
  if (status === 401 || status === 403) {
    const hint =
      token === undefined
        ? `; a token for it belongs in the environment variable ${TOKEN_VARIABLE}`
        : `; it was shown the token of ${TOKEN_VARIABLE}`;
    throw new ServerFailure(`it refuses the request (${status}${says})${hint}`, { status });
  }
  throw new ServerFailure(`it answers ${status}${says}`, {
    status,
    mayPass: PASSING.has(status),
    retryAfter: askedPause(headers['retry-after']),
  });
}

/** `: CUDA out of memory`, or nothing. What a proxy answers is a page, of which the title says most. */
function saying({ body }: Answer, token: string | undefined): string {
  const text = body.subarray(0, MOST_READ).toString('utf8');
  const plain = /<title>(.*?)<\/title>/is.exec(text)?.[1] ?? (/^\s*</.test(text) ? '' : errorOf(text));
  const safe = token === undefined ? plain : plain.replaceAll(token, '***');
  const says = engineSays(safe);
  return says === '' ? '' : `: ${says}`;
}

/** `{"error": "..."}` by the protocol, `{"detail": ...}` by the framework that many servers are made with; else all of it. */
function errorOf(text: string): string {
  try {
    const { error, detail } = JSON.parse(text) as { readonly error?: unknown; readonly detail?: unknown };
    const said = error ?? detail;
    if (said === undefined) return text;
    return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    return text;
  }
}
