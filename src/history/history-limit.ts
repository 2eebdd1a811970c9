import { ConfigurationError } from '../foundation/errors.ts';

const MOST = 10_000;
const FEWEST = 20;

/** Commits of each gate that a history keeps where nobody says otherwise: a year of three a day. */
export const DEFAULT_LIMIT = 1000;

/**
 * How many commits of each gate a history keeps.
 *
 * @param spelling the input as the user wrote it, for the error
 * @throws ConfigurationError when the text is no such number
 */
export function parseHistoryLimit(text: string, spelling: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text.trim()) && limit >= FEWEST && limit <= MOST) return limit;
  throw new ConfigurationError(
    `${spelling} must be a whole number from ${FEWEST} to ${MOST}, but is ${JSON.stringify(text)}.`,
  );
}
