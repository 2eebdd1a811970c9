import type { NumericArray } from '../evaluation-set/evaluation-set.ts';
import type { Floats } from './decision.ts';
import { fromHalfBits, toHalfBits } from './half-float.ts';

/** What a runtime holds: 64-bit integers as BigInts, float16 as bits or, where the platform has it, as Float16Array. */
export type RuntimeArray = NumericArray | BigInt64Array | BigUint64Array;

type Cast = (values: NumericArray) => RuntimeArray;

/** The values as a typed array of the given kind, itself where it is one already. */
function as(constructor: new (values: ArrayLike<number>) => NumericArray): Cast {
  return (values) => (values instanceof constructor ? values : new constructor(values));
}

const CASTS = new Map<string, Cast>([
  ['float32', as(Float32Array)],
  ['float64', as(Float64Array)],
  ['float16', (values) => Uint16Array.from(values, toHalfBits)],
  ['int8', as(Int8Array)],
  ['uint8', as(Uint8Array)],
  ['bool', as(Uint8Array)],
  ['int16', as(Int16Array)],
  ['uint16', as(Uint16Array)],
  ['int32', as(Int32Array)],
  ['uint32', as(Uint32Array)],
  ['int64', (values) => BigInt64Array.from(values as ArrayLike<number>, BigInt)],
  ['uint64', (values) => BigUint64Array.from(values as ArrayLike<number>, BigInt)],
]);

/** The values as a runtime wants them for an input of this dtype. That they fit has been checked before. */
export function castValues(values: NumericArray, dtype: string): RuntimeArray {
  const cast = CASTS.get(dtype);
  if (cast === undefined) throw new Error(`no cast to ${dtype}`);
  return cast(values);
}

/** An output as floats: float32 and narrower as Float32Array, whatever that does not hold exactly as Float64Array. */
export function floatsOf(dtype: string, data: RuntimeArray): Floats {
  if (dtype === 'float32') return data as Float32Array;
  if (dtype === 'float64') return data as Float64Array;
  if (dtype === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, fromHalfBits);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float64Array.from(data as Iterable<bigint>, Number);
  }
  return dtype === 'float16' ? Float32Array.from(data) : Float64Array.from(data);
}
