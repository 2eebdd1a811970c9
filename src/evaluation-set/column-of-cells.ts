import { ConfigurationError } from '../foundation/errors.ts';
import type { Column } from './evaluation-set.ts';
import { countValues, MAX_CELLS, MAX_RANK } from './limits.ts';
import { quoted, rowName } from './wording.ts';

/** The sizes of a list of lists, taken from its first entries; `[]` for a bare value. */
export function shapeOfCell(cell: unknown): number[] {
  const shape: number[] = [];
  // One size beyond the limit is enough for it to be refused by countValues.
  for (let inner = cell; Array.isArray(inner) && shape.length <= MAX_RANK; inner = inner[0] as unknown) {
    shape.push(inner.length);
  }
  return shape;
}

/**
 * Values as a format parsed them, made one typed column. Lists become further axes.
 *
 * @param column name and dtype as the format calls them
 * @param leading shape that the cells themselves stand in, row-major: `[rows]` for a plain column
 * @param cells numbers, bigints, booleans, text, or lists of them that all have one shape; null is a missing value,
 * NaN among numbers
 * @param source how errors call the column: `The column "E" of "eval.jsonl"`
 * @throws ConfigurationError on ragged lists, numbers mixed with text, missing text, objects, or integers that no
 * double holds; names the row
 */
export function columnOfCells(
  column: { readonly name: string; readonly dtype: string },
  leading: readonly number[],
  cells: readonly unknown[],
  source: string,
): Column {
  const first = cells.findIndex((cell) => !isMissing(cell));
  const cellShape = shapeOfCell(cells[first]);
  const shape = [...leading, ...cellShape];
  const count = countValues(shape, source, MAX_CELLS);
  const cellsPerRow = leading.length === 0 ? 1 : cells.length / leading[0];
  const where = (i: number): string => rowName(Math.floor(i / cellsPerRow));

  const fill = <V>(
    values: Record<number, V>,
    valueOf: (leaf: unknown, source: string, row: Row) => V,
  ): void => {
    let next = 0;
    cells.forEach((cell, i) => {
      const fits = visitLeaves(cell, cellShape, 0, (leaf) => {
        values[next++] = valueOf(leaf, source, () => where(i));
      });
      if (fits) return;
      throw new ConfigurationError(
        `${source} is ragged: the value in ${where(i)} does not have the shape [${cellShape.join(', ')}] of the one in ${where(first)}. Every row needs the same shape.`,
      );
    });
  };
  if (typeof firstLeaf(cells[first], cellShape.length) === 'string') {
    const values = new Array<string>(count);
    fill(values, textOf);
    return { ...column, shape, kind: 'text', values };
  }
  const values = new Float64Array(count);
  fill(values, numberOf);
  return { ...column, shape, kind: 'numbers', values };
}

/** Names a row, when an error needs it. */
type Row = () => string;

/** Hands over a cell's values in order, a missing list as that many missing values. False: it has another shape. */
function visitLeaves(
  cell: unknown,
  shape: readonly number[],
  axis: number,
  visit: (leaf: unknown) => void,
): boolean {
  if (axis === shape.length) {
    if (Array.isArray(cell)) return false;
    visit(cell);
    return true;
  }
  if (isMissing(cell)) {
    const missing = shape.slice(axis).reduce((product, size) => product * size, 1);
    for (let i = 0; i < missing; i++) visit(null);
    return true;
  }
  if (!Array.isArray(cell) || cell.length !== shape[axis]) return false;
  return cell.every((inner) => visitLeaves(inner, shape, axis + 1, visit));
}

/** The first value in a cell that is there; it decides between text and numbers. A list may hold itself: `depth` ends. */
function firstLeaf(cell: unknown, depth: number): unknown {
  if (!Array.isArray(cell)) return cell;
  if (depth === 0) return undefined;
  for (const inner of cell) {
    const leaf = firstLeaf(inner, depth - 1);
    if (!isMissing(leaf)) return leaf;
  }
  return undefined;
}

function textOf(leaf: unknown, source: string, row: Row): string {
  if (typeof leaf === 'string') return leaf;
  if (isMissing(leaf)) {
    throw new ConfigurationError(`${source} is text and has no value in ${row()}; write one in every row.`);
  }
  throw new ConfigurationError(
    `${source} mixes text with other values: ${row()} holds ${shown(leaf)}. Write text in every row, or numbers in every row.`,
  );
}

function numberOf(leaf: unknown, source: string, row: Row): number {
  if (typeof leaf === 'number') return leaf;
  if (typeof leaf === 'boolean') return leaf ? 1 : 0;
  if (isMissing(leaf)) return NaN;
  if (typeof leaf === 'bigint') return safeNumber(leaf, () => `${source} holds ${leaf} in ${row()}`);
  if (typeof leaf === 'string') {
    throw new ConfigurationError(
      `${source} mixes numbers with text: ${row()} holds ${quoted(leaf)}. Write numbers in every row, or text in every row.`,
    );
  }
  throw new ConfigurationError(
    `${source} holds ${shown(leaf)} in ${row()}; only numbers, booleans, text and lists of them are read.`,
  );
}

function isMissing(cell: unknown): cell is null | undefined {
  return cell === null || cell === undefined;
}

/** @throws ConfigurationError when the integer lies outside what a double counts exactly, +-(2^53 - 1) */
export function safeNumber(value: bigint, found: () => string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new ConfigurationError(
    `${found()}, beyond the integers that are read exactly (up to 2^53 - 1). Store ids of this size as text.`,
  );
}

function shown(leaf: unknown): string {
  if (typeof leaf === 'number' || typeof leaf === 'bigint' || typeof leaf === 'boolean') return String(leaf);
  return leaf instanceof Uint8Array ? 'raw bytes' : 'an object';
}
