import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import type { ColumnInfo } from './evaluation-set.ts';
import { describeColumn } from './wording.ts';

/**
 * What a file says of one of its columns.
 *
 * @param noun what the file calls them: `column`, or `array` in a .npz that is no evaluation set
 * @throws ConfigurationError naming the nearest column and listing them all with their shapes
 */
export function findColumn<C extends ColumnInfo>(
  path: string,
  columns: readonly C[],
  name: string,
  noun: 'column' | 'array' = 'column',
): C {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const hint = didYouMean(
    name,
    columns.map((column) => column.name),
  );
  throw new ConfigurationError(
    `"${path}" has no ${noun} "${name}".${hint} It has: ${enumerate(columns.map(describeColumn))}.`,
  );
}
