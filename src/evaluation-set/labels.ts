import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { type Column, rowWidth, type TextColumn } from './evaluation-set.ts';
import { describeColumn, quoted, rowName, type RowNamer } from './wording.ts';

/**
 * True classes, as indices into the outputs.
 *
 * @param column of the evaluated rows, [N] or [N, 1]: class numbers from 0, or class names
 * @param classCount number of classes C of the model's output
 * @param classNames in the order of the outputs; needed where labels are text
 * @param nameRow names the i-th of these rows
 * @returns classes [N], each in [0, C)
 * @throws ConfigurationError naming the row of the first label that is missing, no whole number, outside the output's
 * classes, or no class name
 */
export function readLabels(
  column: Column,
  classCount: number,
  classNames?: readonly string[],
  nameRow: RowNamer = rowName,
): Int32Array {
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(
      `The label column ${describeColumn(column)} needs one class a row. Save the class number, e.g. with argmax(axis=1) from one-hot rows.`,
    );
  }
  if (column.kind === 'text') return namedLabels(column, classCount, classNames, nameRow);
  const { name, values } = column;
  const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < classCount));
  if (wrong === -1) return Int32Array.from(values);
  const value = values[wrong];
  const row = nameRow(wrong);
  if (Number.isNaN(value)) {
    throw new ConfigurationError(
      `The label column "${name}" has no label (NaN) in ${row}. Label every evaluated row, or leave it out with columns.subset.`,
    );
  }
  const hint = hintFor(value, classCount);
  throw new ConfigurationError(
    `The label column "${name}" holds ${value} in ${row}; the output has ${classCount} classes, so a label is a whole number from 0 to ${classCount - 1}.${hint}`,
  );
}

function hintFor(value: number, classCount: number): string {
  if (value === classCount) return ' If your classes count from 1, subtract 1.';
  return Number.isInteger(value) ? '' : ' Where the output is itself a value, say output: {kind: value}.';
}

function namedLabels(
  { name, values }: TextColumn,
  classCount: number,
  classNames: readonly string[] | undefined,
  nameRow: RowNamer,
): Int32Array {
  if (classNames === undefined) {
    throw new ConfigurationError(
      `The label column "${name}" holds text${values.length === 0 ? '' : `, e.g. ${quoted(values[0])}`}. List the class names under output.classes, in the order of the outputs.`,
    );
  }
  if (classNames.length !== classCount) {
    throw new ConfigurationError(
      `output.classes names ${classNames.length} classes (${enumerate(classNames)}); the output has ${classCount}.`,
    );
  }
  const classOf = new Map(classNames.map((className, c) => [className, c]));
  return Int32Array.from(values, (value, i) => {
    const found = classOf.get(value);
    if (found !== undefined) return found;
    throw new ConfigurationError(
      `The label column "${name}" holds ${quoted(value)} in ${nameRow(i)}, which is not one of output.classes: ${enumerate(classNames)}.${didYouMean(value, classNames)}`,
    );
  });
}
