import { ConfigurationError } from '../foundation/errors.ts';

/** Bytes of one array or column once unpacked. Also what a compressed bomb may at most become. */
export const MAX_COLUMN_BYTES = 2 ** 31;

/**
 * Values of one column that are single JavaScript values on the way: text, list cells, Parquet values. Each takes some
 * 100 bytes then, of the 4 GB that Node gives a program.
 */
export const MAX_CELLS = 2 ** 24;

/** Bytes of a CSV or JSON Lines file: all of it is held as text while it is parsed. */
export const MAX_TEXT_FILE_BYTES = 128 * 2 ** 20;

/** Arrays in a .npz, columns in any other file. */
export const MAX_COLUMNS = 10_000;

/** Rows of an evaluation set. */
export const MAX_ROWS = 10_000_000;

/** Axes of a column, and depth of nested lists: more than any model takes, and the end of a list that holds itself. */
export const MAX_RANK = 8;

/**
 * The number of values in an array of this shape.
 *
 * @param source how errors call the array: `The column "Q" of "eval.npz"`
 * @throws ConfigurationError when a size is not a whole number >= 0, or the values are too many
 */
export function countValues(shape: readonly number[], source: string, most: number): number {
  if (shape.length > MAX_RANK) {
    throw new ConfigurationError(`${source} has ${shape.length} axes; at most ${MAX_RANK} are read.`);
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ConfigurationError(`${source} has the impossible shape [${shape.join(', ')}].`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > most) {
    throw new ConfigurationError(
      `${source} has the shape [${shape.join(', ')}], which is ${count} values; at most ${most} are read.`,
    );
  }
  return count;
}
