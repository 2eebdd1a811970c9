import { ConfigurationError } from '../foundation/errors.ts';
import { countValues, MAX_CELLS } from './limits.ts';
import { numpyDtype } from './numpy-dtype.ts';

/**
 * What the stack machine can hold: text, numbers, booleans, None, bytes, lists and tuples of these, and the three
 * marks of an array under construction. Nothing in a pickle can make anything else.
 */
export type PickleValue =
  string | number | bigint | boolean | null | Uint8Array | PickleValue[] | Name | Dtype | ObjectArray;

/** A Python name that was recognised. It is a mark for what follows; nothing is imported. */
export interface Name {
  readonly kind: 'name';
  readonly path: string;
}

/** A NumPy dtype: `O8`, `U3`, ..., and its byte order once its state has been read. */
export interface Dtype {
  readonly kind: 'dtype';
  readonly code: string;
  order: string;
}

/** A NumPy array: empty until its state has been read. */
export interface ObjectArray {
  readonly kind: 'array';
  shape: readonly number[];
  cells?: readonly PickleValue[];
}

type Call = (args: readonly PickleValue[], source: string) => PickleValue | undefined;

/** What each name makes of its arguments; undefined when they are not the ones that NumPy writes. */
const CALLS = new Map<string, Call>([
  ['numpy.ndarray', () => undefined],
  ['numpy.dtype', ([code]) => (typeof code === 'string' ? { kind: 'dtype', code, order: '=' } : undefined)],
  ['_codecs.encode', latin1Bytes],
  // NumPy 2 renamed numpy.core to numpy._core; files of both kinds are about.
  ...['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap((module): [string, Call][] => [
    [`${module}._reconstruct`, () => ({ kind: 'array', shape: [] })],
    [`${module}.scalar`, scalar],
  ]),
]);

export function isRecognised(path: string): boolean {
  return CALLS.has(path);
}

/** What REDUCE leaves on the stack; undefined when this is not how NumPy calls this name. */
export function callName(name: PickleValue, args: PickleValue, source: string): PickleValue | undefined {
  if (!isKind(name, 'name') || !Array.isArray(args)) return undefined;
  return CALLS.get(name.path)?.(args, source);
}

/**
 * Fills in a dtype or an array (BUILD), in place.
 *
 * @returns false when this is not how NumPy does it
 */
export function applyState(target: PickleValue, state: PickleValue, source: string): boolean {
  if (!Array.isArray(state)) return false;
  if (isKind(target, 'dtype')) {
    // (version, byte order, ...)
    if (typeof state[1] !== 'string') return false;
    target.order = state[1];
    return true;
  }
  return isKind(target, 'array') && fillArray(target, state, source);
}

/** State of an array: (version, shape, dtype, is Fortran order, list of its values, which is row-major all the same). */
function fillArray(
  target: ObjectArray,
  [, shape, dtype, , cells]: readonly PickleValue[],
  source: string,
): boolean {
  if (!isSizes(shape) || !isKind(dtype, 'dtype')) return false;
  if (!Array.isArray(cells)) {
    throw new ConfigurationError(
      `${source} is an object array that holds NumPy arrays. Make it one array of numbers with np.stack before saving.`,
    );
  }
  if (countValues(shape, source, MAX_CELLS) !== cells.length) return false;
  target.shape = shape;
  target.cells = cells;
  return true;
}

/** A NumPy scalar, e.g. np.str_ or np.int64: its dtype and its bytes. */
function scalar([dtype, bytes]: readonly PickleValue[], source: string): PickleValue | undefined {
  if (!isKind(dtype, 'dtype') || !(bytes instanceof Uint8Array)) return undefined;
  const type = numpyDtype(dtype.order.replace('=', '<') + dtype.code, source);
  return bytes.length === type.itemSize ? type.decode(bytes, 1, source)[0] : undefined;
}

/** How protocol 2, which has no opcode for bytes, writes them. */
function latin1Bytes([text, encoding]: readonly PickleValue[]): PickleValue | undefined {
  return typeof text === 'string' && encoding === 'latin1' ? Buffer.from(text, 'latin1') : undefined;
}

export function isKind<K extends 'name' | 'dtype' | 'array'>(
  value: PickleValue,
  kind: K,
): value is Extract<PickleValue, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

function isSizes(value: PickleValue): value is number[] {
  return Array.isArray(value) && value.every((size) => typeof size === 'number');
}
