import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import { castValues, floatsOf, type RuntimeArray } from '../tensor-values.ts';
import type { Floats } from '../decision.ts';

/** A datatype of the protocol that holds numbers. */
export interface Datatype {
  /** As the field calls it: how every engine of this program does. */
  readonly dtype: string;
  /** Bytes of a number in the binary extension. */
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer) => RuntimeArray;
}

const DATATYPES = new Map<string, Datatype>([
  ['BOOL', { dtype: 'bool', bytes: 1, array: Uint8Array }],
  ['UINT8', { dtype: 'uint8', bytes: 1, array: Uint8Array }],
  ['UINT16', { dtype: 'uint16', bytes: 2, array: Uint16Array }],
  ['UINT32', { dtype: 'uint32', bytes: 4, array: Uint32Array }],
  ['UINT64', { dtype: 'uint64', bytes: 8, array: BigUint64Array }],
  ['INT8', { dtype: 'int8', bytes: 1, array: Int8Array }],
  ['INT16', { dtype: 'int16', bytes: 2, array: Int16Array }],
  ['INT32', { dtype: 'int32', bytes: 4, array: Int32Array }],
  ['INT64', { dtype: 'int64', bytes: 8, array: BigInt64Array }],
  ['FP16', { dtype: 'float16', bytes: 2, array: Uint16Array }],
  ['FP32', { dtype: 'float32', bytes: 4, array: Float32Array }],
  ['FP64', { dtype: 'float64', bytes: 8, array: Float64Array }],
]);

/** Undefined for what holds no numbers (BYTES), or none that this program knows (BF16). */
export function datatype(name: string): Datatype | undefined {
  return DATATYPES.get(name);
}

/** Row-major and little-endian, without padding. */
export function bytesOf(values: NumericArray, { dtype }: Datatype): Uint8Array {
  const cast = castValues(values, dtype);
  return new Uint8Array(cast.buffer, cast.byteOffset, cast.byteLength);
}

export function floatsOfBytes(bytes: Uint8Array, { dtype, array }: Datatype): Floats {
  // A copy: the bytes lie in the middle of an answer, where no number of 8 bytes may begin.
  return floatsOf(dtype, new array(Uint8Array.from(bytes).buffer));
}

/** What stands in JSON as numbers, true and false, or null for what is not a number. */
export function floatsOfJson(values: readonly (number | boolean | null)[], { dtype }: Datatype): Floats {
  const isNarrow = dtype === 'float32' || dtype === 'float16';
  const array: Floats = isNarrow ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) array[i] = values[i] === null ? NaN : Number(values[i]);
  return array;
}
