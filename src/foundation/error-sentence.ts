import { ConfigurationError } from './errors.ts';

/**
 * What a door says of an error that it caught. A mistake of the user has its own words; anything else is a bug of this
 * program, and says so.
 */
export function errorSentence(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Internal error: ${message.split('\n', 1)[0]} This is a bug of fusion-gate; please report it, with the output of a run with DEBUG=1.`;
}

/** The stack of a bug, for a run in which debugging was asked for. */
export function errorStack(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof ConfigurationError) ? error.stack : undefined;
}
