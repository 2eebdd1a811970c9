import { ConfigurationError } from '../foundation/errors.ts';
import type { EvaluatedRows } from './evaluated-rows.ts';
import { rowWidth } from './evaluation-set.ts';
import { mustBeNumbers } from './numbers.ts';
import { describeColumn } from './wording.ts';

/**
 * How much each evaluated row counts.
 *
 * @param name of the column
 * @returns weights [N], finite and 0 or more, at least one above 0
 * @throws ConfigurationError naming the row of the first weight that is text, missing, infinite or negative; where all are 0
 */
export async function readWeights(data: EvaluatedRows, name: string): Promise<Float64Array> {
  const column = await data.read(name);
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(
      `The weight column ${describeColumn(column)} needs one number a row: how much the example counts.`,
    );
  }
  const { values } = mustBeNumbers(column, `The weight column "${name}"`, data.nameRow);
  const wrong = values.findIndex((weight) => !(Number.isFinite(weight) && weight >= 0));
  if (wrong !== -1) {
    throw new ConfigurationError(
      `The weight column "${name}" is ${values[wrong]} in ${data.nameRow(wrong)}; a weight is finite, and 0 or more. Mend it, or leave the row out with columns.subset.`,
    );
  }
  if (values.every((weight) => weight === 0)) {
    throw new ConfigurationError(
      `The weight column "${name}" is 0 in all ${values.length} evaluated rows, so that no example counts. Give those that count a weight above 0, or leave out columns.weight.`,
    );
  }
  return Float64Array.from(values);
}
