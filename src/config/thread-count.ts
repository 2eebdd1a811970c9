import { ConfigurationError } from '../foundation/errors.ts';

const MAX_THREADS = 256;

/**
 * How many threads the engines may use.
 *
 * @param spelling the input as the user wrote it, for the error
 * @throws ConfigurationError when the text is no sensible number of threads
 */
export function parseThreadCount(text: string, spelling: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MAX_THREADS) return count;
  throw new ConfigurationError(
    `${spelling} must be a whole number from 1 to ${MAX_THREADS}, but is ${JSON.stringify(text)}.`,
  );
}
