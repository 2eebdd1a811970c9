/**
 * The same data, its typed arrays copied into memory that threads share, so that it is handed over once for all of them.
 *
 * @param data plain objects, arrays, typed arrays, and values that are handed over as they are
 */
export function share<T>(data: T): T {
  return shared(data) as T;
}

function shared(data: unknown): unknown {
  if (isTypedArray(data)) return copyOf(data);
  if (Array.isArray(data)) return data.map(shared);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, shared(value)]));
}

type TypedArray = Float64Array | Int32Array | Uint32Array | Uint8Array;

function isTypedArray(data: unknown): data is TypedArray {
  return [Float64Array, Int32Array, Uint32Array, Uint8Array].some((kind) => data instanceof kind);
}

function copyOf(values: TypedArray): TypedArray {
  const kind = values.constructor as new (memory: SharedArrayBuffer) => TypedArray;
  const copy = new kind(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
