import { ConfigurationError, enumerate } from '../../foundation/errors.ts';
import type { Union } from './aligned-file.ts';

/** The letters that the layout calls modalities by: `a` of `M_a`, `Qa` and `p_a`; in the order of the union. */
export function modalityLetters({ path, columns }: Union): string[] {
  const letters = columns
    .map(({ name }) => /^M_(\w{1,100})$/.exec(name)?.[1])
    .filter((letter) => letter !== undefined);
  if (letters.length > 0) return letters;
  throw new ConfigurationError(
    `The union "${path}" has no array like "M_a", which is 1 where a modality was observed. It has: ${enumerate(columns.map(({ name }) => name))}.`,
  );
}
