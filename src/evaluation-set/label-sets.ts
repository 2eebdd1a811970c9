import { ConfigurationError } from '../foundation/errors.ts';
import { type Column, rowWidth } from './evaluation-set.ts';
import { mustBeNumbers } from './numbers.ts';
import { describeColumn, rowName, type RowNamer } from './wording.ts';

/** Labels of N examples, of which each may have several: 1 where it has the label [N * width], row-major. */
export interface LabelSets {
  readonly sets: Uint8Array;
  readonly width: number;
}

/**
 * True labels, where an example may have several.
 *
 * @param columns of the evaluated rows: one [N, L], or L of [N] in the order of the outputs
 * @param labelCount number of labels L of the model's output
 * @param nameRow names the i-th of these rows
 * @throws ConfigurationError where there is another number of labels, or a value is not 0 or 1
 */
export function readLabelSets(
  columns: readonly Column[],
  labelCount: number,
  nameRow: RowNamer = rowName,
): LabelSets {
  if (columns.length === 1) refuseOtherWidth(columns[0], labelCount);
  else refuseOtherCount(columns, labelCount);
  const rows = columns[0].shape[0];
  const sets = new Uint8Array(rows * labelCount);
  columns.forEach((column, first) => {
    const width = rowWidth(column);
    const values = zerosAndOnes(column, nameRow);
    for (let at = 0; at < values.length; at++) {
      sets[Math.floor(at / width) * labelCount + first + (at % width)] = values[at];
    }
  });
  return { sets, width: labelCount };
}

/** Whether a column is [N, L] of 0 and 1, and no class of its own in each row: several of them in one, or none. */
export function holdsLabelSets(column: Column): boolean {
  const width = rowWidth(column);
  if (column.kind === 'text' || column.shape.length !== 2 || width < 2) return false;
  const { values } = column;
  if (!values.every((value) => value === 0 || value === 1)) return false;
  const sums = new Float64Array(column.shape[0]);
  values.forEach((value, at) => (sums[Math.floor(at / width)] += value));
  return sums.some((sum) => sum !== 1);
}

function refuseOtherWidth(column: Column, labelCount: number): void {
  const width = rowWidth(column);
  if (column.shape.length === 2 && width === labelCount) return;
  const found = `The label column ${describeColumn(column)}`;
  if (column.shape.length === 2 && width > 1) {
    throw new ConfigurationError(
      `${found} has ${width} labels a row, but the output has ${labelCount}; they need the same labels, in the same order.`,
    );
  }
  throw new ConfigurationError(
    `${found} needs ${labelCount} values a row where an example may have several labels (multi-label: true): 1 for each label that it has, else 0, e.g. by scikit-learn's MultiLabelBinarizer. Or list a column for each label under columns.label.`,
  );
}

function refuseOtherCount(columns: readonly Column[], labelCount: number): void {
  if (columns.length !== labelCount) {
    throw new ConfigurationError(
      `columns.label lists ${columns.length} columns, but the output has ${labelCount} labels; list one for each, in the order of the outputs.`,
    );
  }
  const wide = columns.find((column) => rowWidth(column) !== 1);
  if (wide === undefined) return;
  throw new ConfigurationError(
    `The label column ${describeColumn(wide)} is one of several and needs one value a row, 0 or 1.`,
  );
}

function zerosAndOnes(column: Column, nameRow: RowNamer): ArrayLike<number> {
  const { name, values } = mustBeNumbers(column, `The label column "${column.name}"`, nameRow);
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong === -1) return values;
  const row = nameRow(Math.floor(wrong / rowWidth(column)));
  if (Number.isNaN(values[wrong])) {
    throw new ConfigurationError(
      `The label column "${name}" has no label (NaN) in ${row}. Label every evaluated row, or leave it out with columns.subset.`,
    );
  }
  throw new ConfigurationError(
    `The label column "${name}" holds ${values[wrong]} in ${row}; where an example may have several labels it holds 1 for each that it has, and 0 for the others.`,
  );
}
