/** What a server or the way to it did wrong with one request, as the rest of a sentence that names the model. */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** It may be gone at the next try. */
  readonly mayPass: boolean;
  /** Milliseconds that the server asks to wait before that. */
  readonly retryAfter?: number;

  constructor(message: string, more: Partial<Pick<ServerFailure, 'status' | 'mayPass' | 'retryAfter'>> = {}) {
    super(message);
    this.status = more.status;
    this.mayPass = more.mayPass ?? false;
    this.retryAfter = more.retryAfter;
  }
}

/** Connections that were lost, or refused while a server starts; no other mishap of the network mends itself. */
const PASSING = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

const WORDS = new Map([
  ['ECONNREFUSED', 'nothing answers at its address'],
  ['ENOTFOUND', 'its host is not known'],
  ['EAI_AGAIN', 'its host could not be looked up'],
]);

/** A failure of the network, by the code that Node gives it. */
export function networkFailure(error: unknown): ServerFailure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const mayPass = PASSING.has(code);
  const words = WORDS.get(code) ?? (mayPass ? 'the connection was lost' : `it cannot be reached: ${message}`);
  return new ServerFailure(mayPass || WORDS.has(code) ? `${words} (${code})` : words, { mayPass });
}
