import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import { evaluateRows, type EvaluatedRows } from './evaluated-rows.ts';
import { type Column, type ColumnInfo, type EvaluationSet, rowWidth, takeRows } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { idText } from './id-text.ts';
import { MAX_ROWS } from './limits.ts';
import { mustBeNumbers } from './numbers.ts';
import { describeColumn, quoted, rowName } from './wording.ts';

/** Which columns say what a row is. */
export interface RowColumns {
  /** Several where each is of one label. */
  readonly label: string | readonly string[];
  /** Different in every evaluated row, or in every one of a fold. */
  readonly id?: string;
  /** Fold of each row, and seed of a repeated cross-validation. */
  readonly fold?: string;
  readonly seed?: string;
  /** 1 on the rows to evaluate. */
  readonly subset?: string;
}

/** A column of 0 and 1, one value a row. */
interface Mask {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/**
 * The rows that are judged: in the subset, and with every modality present (the paper's FULL-only rule).
 *
 * Only columns that are used must agree in length: a .npz may hold whatever else it likes.
 *
 * @param modalities `presence` is 1 where the modality was observed; undefined: everywhere
 * @param used every other column that is going to be read
 * @returns the rows, and how many the file has
 * @throws ConfigurationError when a column is missing or of another length than the labels, a mask holds anything but
 * 0 and 1, no row is left, or two evaluated rows have one id
 */
export async function selectRows(
  set: EvaluationSet,
  columns: RowColumns,
  modalities: readonly { readonly presence?: string }[],
  used: readonly string[],
): Promise<{ readonly data: EvaluatedRows; readonly total: number }> {
  const present = modalities.map(({ presence }) => presence);
  const masksNamed = new Set([columns.subset, ...present].filter((name) => name !== undefined));
  const foldsNamed = [columns.seed, columns.fold].filter((name) => name !== undefined);
  const [first, ...furtherLabels] = [columns.label].flat();
  const labels = await set.read(first);
  for (const name of [
    ...furtherLabels,
    ...masksNamed,
    ...(columns.id === undefined ? [] : [columns.id]),
    ...foldsNamed,
    ...used,
  ]) {
    refuseOtherLength(findColumn(set.path, set.columns, name), labels, set.path);
  }
  const checked = withEqualLengths(set, labels);
  const total = labels.shape[0];
  if (total > MAX_ROWS) {
    throw new ConfigurationError(`"${set.path}" has ${total} rows; at most ${MAX_ROWS} are evaluated.`);
  }
  const masks = await Promise.all(Array.from(masksNamed, (name) => readMask(checked, name)));
  const rows = keptBy(masks, total);
  if (rows.length === 0) throw nothingLeft(set.path, total, masks);
  const folds = await Promise.all(foldsNamed.map(async (name) => takeRows(await checked.read(name), rows)));
  const foldOf = (i: number): string => folds.map(({ values }) => String(values[i])).join(' ');
  const ids =
    columns.id === undefined
      ? undefined
      : idsOf(takeRows(await checked.read(columns.id), rows), rows, foldOf);
  return { data: evaluateRows(checked, rows, ids), total };
}

/** The same set, in which a column that is read after all has its length checked too. */
function withEqualLengths(set: EvaluationSet, labels: ColumnInfo): EvaluationSet {
  const read = async (name: string): Promise<Column> => {
    const column = await set.read(name);
    refuseOtherLength(column, labels, set.path);
    return column;
  };
  return { ...set, read };
}

function refuseOtherLength(column: ColumnInfo, labels: ColumnInfo, path: string): void {
  // A single value has no rows to count: whoever reads it is told so.
  if (column.shape.length === 0 || column.shape[0] === labels.shape[0]) return;
  throw new ConfigurationError(
    `The columns of "${path}" differ in their number of rows: ${describeColumn(labels)}, but ${describeColumn(column)}. Every column that is used needs one row an example.`,
  );
}

async function readMask(set: EvaluationSet, name: string): Promise<Mask> {
  const column = await set.read(name);
  const source = `The column "${name}" of "${set.path}", used as a mask,`;
  const { values } = mustBeNumbers(column, source, rowName);
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(
      `${source} has the shape [${column.shape.join(', ')}]; one value a row is needed.`,
    );
  }
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong === -1) return { name, values };
  throw new ConfigurationError(
    `${source} holds ${values[wrong]} in ${rowName(wrong)}; it may hold only 0 and 1, or false and true.`,
  );
}

function keptBy(masks: readonly Mask[], total: number): Uint32Array {
  const kept = (row: number): boolean => masks.every(({ values }) => values[row] === 1);
  return Uint32Array.from({ length: total }, (_, row) => row).filter(kept);
}

function nothingLeft(path: string, total: number, masks: readonly Mask[]): ConfigurationError {
  if (total === 0) return new ConfigurationError(`"${path}" has no rows.`);
  const counts = masks.map((mask) => `"${mask.name}" keeps ${keptBy([mask], total).length}`);
  return new ConfigurationError(
    `No row of "${path}" is left to evaluate: of ${total} rows, ${enumerate(counts)}; only rows that all of them keep are evaluated.`,
  );
}

/**
 * Ids as text, [N].
 *
 * @param rows their row numbers in the file
 * @param foldOf the fold of the i-th of them: those of one fold must differ
 */
function idsOf(column: Column, rows: Uint32Array, foldOf: (i: number) => string): readonly string[] {
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(`The id column ${describeColumn(column)} needs one value a row.`);
  }
  const ids = idText(column);
  const rounded = column.kind === 'text' ? -1 : column.values.findIndex(isBeyondIntegers);
  if (rounded !== -1) {
    throw new ConfigurationError(
      `The id column "${column.name}" holds ${ids[rounded]} in ${rowName(rows[rounded])}, where numbers are rounded (beyond 2^53 - 1) and two ids may become one. Write ids of this size as text.`,
    );
  }
  const firstRow = new Map<string, number>();
  ids.forEach((id, i) => {
    const inFold = `${foldOf(i)} ${id}`;
    const before = firstRow.get(inFold);
    if (before !== undefined) {
      throw new ConfigurationError(
        `The id ${quoted(id)} stands twice in the column "${column.name}": in row ${before} and in row ${rows[i]} (counting from 0). Every evaluated row needs an id of its own.`,
      );
    }
    firstRow.set(inFold, rows[i]);
  });
  return ids;
}

function isBeyondIntegers(value: number): boolean {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER;
}
