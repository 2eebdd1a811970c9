import { ConfigurationError } from '../foundation/errors.ts';
import { type Column, rowWidth } from './evaluation-set.ts';
import { describeColumn, quoted, rowName, type RowNamer } from './wording.ts';

/** Examples that belong together: those of one subject, session or site. */
export interface Blocks {
  /** Block of each row [N], numbers from 0 in order of first appearance. */
  readonly of: Int32Array;
  /** What the column calls them [B]; at least two. */
  readonly names: readonly string[];
}

/**
 * @param column of the evaluated rows, [N] or [N, 1]: text or whole numbers
 * @param nameRow names the i-th of these rows
 * @throws ConfigurationError naming the row of the first value that is missing or no whole number, or where all are of one
 * block
 */
export function readBlocks(column: Column, nameRow: RowNamer = rowName): Blocks {
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(`The block column ${describeColumn(column)} needs one value a row.`);
  }
  const names = column.kind === 'text' ? column.values : wholeNumbers(column.name, column.values, nameRow);
  const numbers = new Map<string, number>();
  const of = Int32Array.from(names, (name, i) => {
    if (name.trim() === '') throw missing(column.name, nameRow(i));
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  if (numbers.size === 1) {
    throw new ConfigurationError(
      `The block column "${column.name}" holds ${quoted(names[0])} in every evaluated row, and a single block cannot tell how much blocks differ. Evaluate on more of them, or remove columns.block.`,
    );
  }
  return { of, names: [...numbers.keys()] };
}

function wholeNumbers(name: string, values: ArrayLike<number>, nameRow: RowNamer): string[] {
  return Array.from(values, (value, i) => {
    if (Number.isNaN(value)) throw missing(name, nameRow(i));
    if (Number.isSafeInteger(value)) return String(value);
    throw new ConfigurationError(
      `The block column "${name}" holds ${value} in ${nameRow(i)}; a block is text or a whole number up to 2^53 - 1.`,
    );
  });
}

function missing(name: string, row: string): ConfigurationError {
  return new ConfigurationError(
    `The block column "${name}" has no value in ${row}. Give every evaluated row a block, or leave it out with columns.subset.`,
  );
}
