import { ConfigurationError } from '../foundation/errors.ts';
import { columnOfCells } from './column-of-cells.ts';
import type { Column, ColumnInfo } from './evaluation-set.ts';
import { countValues, MAX_CELLS, MAX_COLUMN_BYTES } from './limits.ts';
import { findNumpyDtype, numpyDtype } from './numpy-dtype.ts';
import { unpickleArray } from './pickle.ts';
import { parsePythonLiteral } from './python-literal.ts';
import { fromFortranOrder } from './row-major.ts';

/** No header that NumPy writes is longer, and none longer is looked at. */
export const MAX_HEADER_BYTES = 2 ** 16;

/** Pickled objects become JavaScript values of several times their size, so they are bounded sooner. */
const MAX_PICKLE_BYTES = 2 ** 28;

const MAGIC = '\x93NUMPY';

export interface NpyHeader {
  /** As NumPy writes it, e.g. `<f8`; `structured` where it is a list of fields. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the data starts, in bytes from the start of the array's file. */
  readonly dataStart: number;
}

/**
 * The header of a `.npy`, format versions 1 to 3 (NumPy Enhancement Proposal 1 and `numpy.lib.format`).
 *
 * @param head the first bytes, at most MAX_HEADER_BYTES
 * @param source how errors call the array: `The array "Q" of "eval.npz"`
 * @throws ConfigurationError when it is no `.npy`, or a header that cannot be understood
 */
export function readNpyHeader(head: Buffer, source: string): NpyHeader {
  const version = head.length < 12 ? 0 : head[6];
  if (head.toString('latin1', 0, 6) !== MAGIC || version < 1 || version > 3) {
    throw new ConfigurationError(`${source} is not a NumPy array of format version 1, 2 or 3.`);
  }
  const [start, length] = version === 1 ? [10, head.readUInt16LE(8)] : [12, head.readUInt32LE(8)];
  const dataStart = start + length;
  const text = head.toString(version === 3 ? 'utf8' : 'latin1', start, dataStart);
  const header = dataStart <= head.length ? parsePythonLiteral(text) : undefined;
  if (!(header instanceof Map)) {
    throw new ConfigurationError(`${source} has a NumPy header that is damaged or cut off.`);
  }
  const descr: unknown = header.get('descr');
  const fortranOrder: unknown = header.get('fortran_order');
  const shape: unknown = header.get('shape');
  if (typeof fortranOrder !== 'boolean' || !isNumbers(shape)) {
    throw new ConfigurationError(`${source} has a NumPy header without a shape or an order.`);
  }
  return { descr: typeof descr === 'string' ? descr : 'structured', fortranOrder, shape, dataStart };
}

/** What a header says, as a column. The dtype is NumPy's own name, also where it is one that is not read. */
export function describeNpy(name: string, { descr, shape }: NpyHeader): ColumnInfo {
  const dtype = isObject(descr) ? 'object' : (findNumpyDtype(descr)?.name ?? descr.slice(0, 20));
  return { name, dtype, shape };
}

/**
 * The bytes that an array's file must have by its own header: what may be allocated for it.
 *
 * @param found the bytes that it has, or is said to have
 * @throws ConfigurationError when they differ or are too many
 */
export function checkNpySize(header: NpyHeader, found: number, source: string): void {
  if (isObject(header.descr)) {
    countValues(header.shape, source, MAX_CELLS);
    if (found <= MAX_PICKLE_BYTES) return;
    throw new ConfigurationError(
      `${source} is ${found} bytes of pickled objects; at most ${MAX_PICKLE_BYTES} are read. Save it as numbers, or as text with .astype(str).`,
    );
  }
  const { itemSize, kind } = numpyDtype(header.descr, source);
  const count = countValues(header.shape, source, kind === 'text' ? MAX_CELLS : MAX_COLUMN_BYTES);
  if (count * itemSize > MAX_COLUMN_BYTES) {
    throw new ConfigurationError(
      `${source} takes ${count * itemSize} bytes; at most ${MAX_COLUMN_BYTES} are read.`,
    );
  }
  const needed = header.dataStart + count * itemSize;
  if (found !== needed) {
    throw new ConfigurationError(
      `${source} has ${found} bytes where its header [${header.shape.join(', ')}] ${header.descr} calls for ${needed}: it is damaged or cut off.`,
    );
  }
}

/**
 * One array, from the bytes of a whole `.npy` file.
 *
 * @param name what the column is called
 * @param source how errors call it: `The array "Q" of "eval.npz"`
 * @returns the array, row-major; a 0-d one has the shape `[]` and one value
 * @throws ConfigurationError on anything but numbers and text, and on damage
 */
export function parseNpy(bytes: Buffer, name: string, source: string): Column {
  const header = readNpyHeader(bytes.subarray(0, MAX_HEADER_BYTES), source);
  checkNpySize(header, bytes.length, source);
  const data = bytes.subarray(header.dataStart);
  if (isObject(header.descr)) {
    const { shape, cells } = unpickleArray(data, source);
    if (shape.join() !== header.shape.join()) {
      throw new ConfigurationError(
        `${source} has the shape [${header.shape.join(', ')}] in its header and [${shape.join(', ')}] in its pickle: it is damaged.`,
      );
    }
    return columnOfCells({ name, dtype: 'object' }, shape, cells, source);
  }
  const dtype = numpyDtype(header.descr, source);
  const count = countValues(header.shape, source, MAX_COLUMN_BYTES);
  const stored = dtype.decode(data, count, source);
  const { shape } = header;
  const column = { name, dtype: dtype.name, shape };
  const values = header.fortranOrder ? fromFortranOrder(stored, shape) : stored;
  return Array.isArray(values) ? { ...column, kind: 'text', values } : { ...column, kind: 'numbers', values };
}

function isObject(descr: string): boolean {
  return descr === '|O' || descr === 'O';
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => typeof size === 'number');
}
