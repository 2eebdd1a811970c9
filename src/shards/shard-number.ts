import type { Shard } from '../diagnostic/shard.ts';
import { ConfigurationError } from '../foundation/errors.ts';

export type { Shard } from '../diagnostic/shard.ts';

/** Most shards of a run: a workflow's matrix has no more jobs. */
export const MAX_SHARDS = 256;

/**
 * Which part of the shuffles to measure.
 *
 * @param text `2/8` is the second of eight parts
 * @param spelling the input as the user wrote it, for the error
 * @throws ConfigurationError when the text names no such part
 */
export function parseShardNumber(text: string, spelling: string): Shard {
  const [, index, of] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text.trim()) ?? []).map(Number);
  if (index >= 1 && index <= of && of <= MAX_SHARDS) return { index, of };
  throw new ConfigurationError(
    `${spelling} must be a part and the number of parts, such as 2/8, with at most ${MAX_SHARDS} parts, but is ${JSON.stringify(text)}.`,
  );
}

/** As the user writes it: `2/8`. */
export function spell({ index, of }: Shard): string {
  return `${index}/${of}`;
}
