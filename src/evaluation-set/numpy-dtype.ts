import { endianness } from 'node:os';

import { ConfigurationError } from '../foundation/errors.ts';
import { safeNumber } from './column-of-cells.ts';
import type { NumericArray } from './evaluation-set.ts';
import { quoted } from './wording.ts';

/** One type of array element: how large it is and how its bytes become values. */
export interface NumpyDtype {
  /** `float32`, `bool`, `<U12`, ... */
  readonly name: string;
  /** Bytes per value. */
  readonly itemSize: number;
  readonly kind: 'numbers' | 'text';
  /** @param bytes exactly `count * itemSize` of them; `source` is how errors call the array */
  decode(bytes: Uint8Array, count: number, source: string): NumericArray | string[];
}

type NumericConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => NumericArray;
type NumericDtype = readonly [
  name: string,
  decode: (bytes: Uint8Array, count: number, source: string) => NumericArray,
];

/** By NumPy's kind and size code. Bytes are in this machine's order by then. */
const NUMERIC = new Map<string, NumericDtype>([
  ['b1', ['bool', viewAs(Uint8Array)]],
  ['i1', ['int8', viewAs(Int8Array)]],
  ['u1', ['uint8', viewAs(Uint8Array)]],
  ['i2', ['int16', viewAs(Int16Array)]],
  ['u2', ['uint16', viewAs(Uint16Array)]],
  ['i4', ['int32', viewAs(Int32Array)]],
  ['u4', ['uint32', viewAs(Uint32Array)]],
  ['i8', ['int64', (bytes, count, source) => safeIntegers(bytes, count, source, 'getBigInt64')]],
  ['u8', ['uint64', (bytes, count, source) => safeIntegers(bytes, count, source, 'getBigUint64')]],
  ['f2', ['float16', halfPrecision]],
  ['f4', ['float32', viewAs(Float32Array)]],
  ['f8', ['float64', viewAs(Float64Array)]],
]);

/** By NumPy's kind code; `s` stands for what the header reader calls `structured`. */
const REFUSED = new Map([
  ['s', 'several fields in one array'],
  ['c', 'complex'],
  ['M', 'datetime64'],
  ['m', 'timedelta64'],
  ['V', 'raw bytes, or a type of another library such as bfloat16'],
  ['f', 'extended-precision float'],
]);

const HOST_ORDER = endianness() === 'LE' ? '<' : '>';
const LITTLE = HOST_ORDER === '<';

/**
 * The dtype that a `.npy` header or a pickled array names, e.g. `<f8`, `|b1`, `>U12`.
 *
 * @returns undefined for a type that is neither number, boolean nor text
 */
export function findNumpyDtype(descr: string): NumpyDtype | undefined {
  const match = /^([<>|=]?)([a-zA-Z])(\d{0,9})$/.exec(descr);
  if (match === null) return undefined;
  const [, order, code, size] = match;
  const width = Number(size);
  if (code === 'U') {
    const decode: NumpyDtype['decode'] = (bytes, count, source) =>
      utf32(inHostOrder(bytes, order, 4), count, width, source);
    return { name: descr, itemSize: 4 * width, kind: 'text', decode };
  }
  if (code === 'S') {
    const decode: NumpyDtype['decode'] = (bytes, count, source) => utf8(bytes, count, width, source);
    return { name: descr, itemSize: width, kind: 'text', decode };
  }
  const numeric = NUMERIC.get(code + size);
  if (numeric === undefined) return undefined;
  const [name, decodeInHostOrder] = numeric;
  const decode: NumpyDtype['decode'] = (bytes, count, source) =>
    decodeInHostOrder(inHostOrder(bytes, order, width), count, source);
  return { name, itemSize: width, kind: 'numbers', decode };
}

/** @throws ConfigurationError for a type that is neither number, boolean nor text, by its name */
export function numpyDtype(descr: string, source: string): NumpyDtype {
  const found = findNumpyDtype(descr);
  if (found !== undefined) return found;
  const what = REFUSED.get(/[a-zA-Z]/.exec(descr)?.[0] ?? '');
  throw new ConfigurationError(
    `${source} has the NumPy type ${quoted(descr)}${what === undefined ? '' : ` (${what})`}; only numbers (bool, integers, float16 to float64) and text are read. Convert it with .astype before saving.`,
  );
}

function viewAs(constructor: NumericConstructor & { readonly BYTES_PER_ELEMENT: number }) {
  const width = constructor.BYTES_PER_ELEMENT;
  return (bytes: Uint8Array, count: number): NumericArray => {
    const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
    return new constructor(aligned.buffer, aligned.byteOffset, count);
  };
}

/** 64-bit integers as doubles; one that a double does not hold exactly is refused, never rounded. */
function safeIntegers(
  bytes: Uint8Array,
  count: number,
  source: string,
  get: 'getBigInt64' | 'getBigUint64',
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [low, high] = LITTLE ? [0, 4] : [4, 0];
  const signed = get === 'getBigInt64';
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = 8 * i;
    const top = signed ? view.getInt32(at + high, LITTLE) : view.getUint32(at + high, LITTLE);
    const value = top * 2 ** 32 + view.getUint32(at + low, LITTLE);
    values[i] = Number.isSafeInteger(value)
      ? value
      : safeNumber(
          view[get](at, LITTLE),
          () => `${source} holds ${view[get](at, LITTLE)} at position ${i} (counting from 0)`,
        );
  }
  return values;
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. float32 holds every one exactly. */
function halfPrecision(bytes: Uint8Array, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: count }, (_, i) => {
    const bits = view.getUint16(2 * i, LITTLE);
    const sign = bits >> 15 === 1 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = (bits & 0x3ff) / 1024;
    if (exponent === 0) return sign * 2 ** -14 * fraction;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * 2 ** (exponent - 15) * (1 + fraction);
  });
}

/** `<U`: `width` code points of 4 bytes each, filled up with zeros. */
function utf32(bytes: Uint8Array, count: number, width: number, source: string): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => {
    const points: number[] = [];
    for (let k = 0; k < width; k++) points.push(view.getUint32(4 * (i * width + k), LITTLE));
    while (points.at(-1) === 0) points.pop();
    if (points.some((point) => point > 0x10ffff)) throw notText(source, i);
    return points.map((point) => String.fromCodePoint(point)).join('');
  });
}

/** `S`: `width` bytes each, filled up with zeros. */
function utf8(bytes: Uint8Array, count: number, width: number, source: string): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return Array.from({ length: count }, (_, i) => {
    let end = (i + 1) * width;
    while (end > i * width && bytes[end - 1] === 0) end--;
    try {
      return decoder.decode(bytes.subarray(i * width, end));
    } catch {
      throw notText(source, i);
    }
  });
}

function notText(source: string, i: number): ConfigurationError {
  return new ConfigurationError(
    `${source} holds bytes at position ${i} (counting from 0) that are no valid text (UTF-8 in S, UTF-32 in U).`,
  );
}

function inHostOrder(bytes: Uint8Array, order: string, width: number): Uint8Array {
  if ((order !== '<' && order !== '>') || order === HOST_ORDER || width === 1) return bytes;
  const swapped = Buffer.from(bytes);
  if (width === 2) return swapped.swap16();
  return width === 4 ? swapped.swap32() : swapped.swap64();
}
