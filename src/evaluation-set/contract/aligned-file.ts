import { ConfigurationError } from '../../foundation/errors.ts';
import type { Workspace } from '../../foundation/workspace.ts';
import { type Column, type ColumnInfo, takeRows } from '../evaluation-set.ts';
import { findColumn } from '../find-column.ts';
import { openNpz, type Npz } from '../npz.ts';
import { quoted } from '../wording.ts';
import { idsHash } from './ids-hash.ts';

/** A `.npz` of the layout, with its rows in the order of the union. */
export interface AlignedFile {
  readonly path: string;
  /** Those with a row for each example. */
  readonly columns: readonly ColumnInfo[];
  /** @throws ConfigurationError where there is no such column, naming the nearest */
  read(name: string): Promise<Column>;
  /** @throws ConfigurationError as `read` does, without reading */
  need(name: string): void;
}

/** The file whose order all others take, and its ids. */
export interface Union extends AlignedFile {
  readonly ids: readonly string[];
}

/** @throws ConfigurationError when it cannot be read, has no ids, or one of them twice */
export async function openUnion(path: string, workspace: Workspace): Promise<Union> {
  const npz = await openNpz(path, workspace, 'union');
  const ids = await readIds(path, npz);
  if (ids === undefined) {
    throw new ConfigurationError(`The union "${path}" has no array "ids"; every example needs an id.`);
  }
  rowsById(path, ids);
  return { ids, ...alignedFile(path, npz, ids.length, (column) => column) };
}

/**
 * A file about the examples of the union, in any order: ids say which row is whose. One without ids must have the hash
 * of the union's, and its order.
 *
 * @param role how errors call it: `scores`, `experts`
 * @throws ConfigurationError when it cannot be read, or is about other examples
 */
export async function openAligned(
  path: string,
  role: string,
  union: Union,
  workspace: Workspace,
): Promise<AlignedFile> {
  const npz = await openNpz(path, workspace, role);
  const ids = await readIds(path, npz);
  const rowCount = union.ids.length;
  if (ids === undefined) {
    await refuseOtherHash(path, npz, union);
    return alignedFile(path, npz, rowCount, (column) => column);
  }
  if (ids.length !== rowCount) {
    throw new ConfigurationError(
      `"${path}" has ${ids.length} ids and the union "${union.path}" has ${rowCount}; both must be about the same examples.`,
    );
  }
  const rowOf = rowsById(path, ids);
  const rows = Uint32Array.from(union.ids, (id) => rowOf.get(id) ?? missing(path, id, union));
  const inOrder = rows.every((row, i) => row === i);
  return alignedFile(path, npz, rowCount, (column) => (inOrder ? column : takeRows(column, rows)));
}

/** The ids of a split file. */
export function textOf({ values }: Column): string[] {
  return Array.from<string | number, string>(values, String);
}

function alignedFile(path: string, npz: Npz, rows: number, arrange: (column: Column) => Column): AlignedFile {
  const need = (name: string): void => {
    const { shape } = findColumn(path, npz.arrays, name, 'array');
    if (shape[0] === rows) return;
    throw new ConfigurationError(
      `The array "${name}" of "${path}" has the shape [${shape.join(', ')}]; one row for each of the ${rows} examples of the union is needed.`,
    );
  };
  const read = async (name: string): Promise<Column> => {
    need(name);
    return arrange(await npz.read(name));
  };
  return { path, columns: npz.arrays.filter(({ shape }) => shape[0] === rows), need, read };
}

async function readIds(path: string, npz: Npz): Promise<string[] | undefined> {
  const found = ['ids', 'ids_str'].find((name) => npz.arrays.some((array) => array.name === name));
  if (found === undefined) return undefined;
  const column = await npz.read(found);
  if (column.shape.length === 1) return textOf(column);
  throw new ConfigurationError(
    `The array "${found}" of "${path}" has the shape [${column.shape.join(', ')}]; one id for each example is needed.`,
  );
}

async function refuseOtherHash(path: string, npz: Npz, { ids, path: union }: Union): Promise<void> {
  const name = 'union_ids_hash';
  if (!npz.arrays.some((array) => array.name === name)) {
    throw new ConfigurationError(
      `"${path}" has neither "ids" nor "ids_str" nor "${name}", so that nothing says which example a row is of.`,
    );
  }
  const { values } = await npz.read(name);
  if (values.length === 1 && values[0] === idsHash(ids)) return;
  throw new ConfigurationError(
    `"${path}" is about other examples than the union "${union}", or in another order: its ${name} is not that of the union's ids.`,
  );
}

function rowsById(path: string, ids: readonly string[]): Map<string, number> {
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    if (rows.has(id)) {
      throw new ConfigurationError(
        `"${path}" has the id ${quoted(id)} twice, in row ${rows.get(id)} and in row ${row} (counting from 0); each example needs an id of its own.`,
      );
    }
    rows.set(id, row);
  });
  return rows;
}

function missing(path: string, id: string, union: Union): never {
  throw new ConfigurationError(
    `"${path}" has no row with id ${quoted(id)}, which the union "${union.path}" has; both must be about the same examples.`,
  );
}
