import { ConfigurationError } from '../foundation/errors.ts';
import type { EvaluatedRows, RowPresence } from './evaluated-rows.ts';
import type { Column, NumericArray } from './evaluation-set.ts';
import { describeColumn } from './wording.ts';

/** The evaluated rows of one fold. */
export interface FoldRows {
  readonly name: string;
  readonly data: EvaluatedRows;
  /** Rows of its file. */
  readonly total: number;
}

/**
 * The rows of several folds, one fold behind the other, as those of one file that has the rows of all files.
 *
 * @param path what reports call that file
 * @throws ConfigurationError (from `read`) where a column is of another kind or shape in one of the folds
 */
export function stackRows(folds: readonly FoldRows[], path: string, sha256: string): EvaluatedRows {
  const offsets: number[] = [0];
  for (const { total } of folds) offsets.push(offsets.at(-1)! + total);
  const places = folds.flatMap(({ data }, fold) => Array.from(data.rows, (_, i) => ({ fold, i })));
  const stack = (read: (data: EvaluatedRows) => Promise<Column>): Promise<Column> =>
    stackColumns(folds.map(({ name, data }) => ({ name, column: () => read(data) })));
  const ids = folds.flatMap(({ data }) => data.ids ?? []);
  return {
    set: { ...folds[0].data.set, path, sha256, read: (name) => stack(({ set }) => set.read(name)) },
    rows: Uint32Array.from(places, ({ fold, i }) => offsets[fold] + folds[fold].data.rows[i]),
    ...(ids.length === places.length && { ids }),
    ...presenceOf(folds.map(({ data }) => data)),
    nameRow: (at) => {
      const { fold, i } = places[at];
      return `${folds[fold].data.nameRow(i)} of ${folds[fold].name}`;
    },
    read: (name) => stack((data) => data.read(name)),
  };
}

function presenceOf(folds: readonly EvaluatedRows[]): { readonly presence?: RowPresence } {
  if (folds.every(({ presence }) => presence === undefined)) return {};
  const joined = (m: number): Uint8Array | undefined => {
    if (folds.every(({ presence }) => presence?.[m] === undefined)) return undefined;
    const everywhere = ({ rows }: EvaluatedRows): Uint8Array => new Uint8Array(rows.length).fill(1);
    return Uint8Array.from(folds.flatMap((fold) => [...(fold.presence?.[m] ?? everywhere(fold))]));
  };
  return { presence: folds[0].presence!.map((_, m) => joined(m)) };
}

async function stackColumns(
  folds: readonly { readonly name: string; readonly column: () => Promise<Column> }[],
): Promise<Column> {
  const columns: Column[] = [];
  for (const { name, column } of folds) {
    const read = await column();
    const [first = read] = columns;
    if (read.kind !== first.kind || read.shape.slice(1).join() !== first.shape.slice(1).join()) {
      throw new ConfigurationError(
        `The column ${describeColumn(read)} of ${name} is ${describeColumn(first)} in ${folds[0].name}; all folds need columns of one kind and shape.`,
      );
    }
    columns.push(read);
  }
  const [first] = columns;
  const rows = columns.reduce((sum, { shape }) => sum + shape[0], 0);
  const shape = [rows, ...first.shape.slice(1)];
  if (first.kind === 'text') {
    return { ...first, shape, values: columns.flatMap(({ values }) => [...(values as readonly string[])]) };
  }
  const arrays = columns.map(({ values }) => values as NumericArray);
  const size = arrays.reduce((sum, { length }) => sum + length, 0);
  const sameType = arrays.every((values) => values.constructor === arrays[0].constructor);
  const kind = (sameType ? arrays[0].constructor : Float64Array) as new (length: number) => NumericArray;
  const values = new kind(size);
  let at = 0;
  for (const array of arrays) {
    values.set(array, at);
    at += array.length;
  }
  return { ...first, shape, values };
}
