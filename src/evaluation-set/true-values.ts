import { ConfigurationError } from '../foundation/errors.ts';
import { type Column, rowWidth } from './evaluation-set.ts';
import { mustBeNumbers } from './numbers.ts';
import { describeColumn, rowName, type RowNamer } from './wording.ts';

/**
 * True values, where the output is one.
 *
 * @param column of the evaluated rows, [N] or [N, 1]
 * @param nameRow names the i-th of these rows
 * @returns values [N], all finite
 * @throws ConfigurationError naming the row of the first label that is text, missing or infinite
 */
export function readTrueValues(column: Column, nameRow: RowNamer = rowName): Float64Array {
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(
      `The label column ${describeColumn(column)} needs one value a row; save the one that is to be predicted as a column of its own.`,
    );
  }
  const { name, values } = mustBeNumbers(column, `The label column "${column.name}"`, nameRow);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong === -1) return Float64Array.from(values);
  throw new ConfigurationError(
    `The label column "${name}" is ${values[wrong]} in ${nameRow(wrong)}. Label every evaluated row, or leave it out with columns.subset.`,
  );
}
