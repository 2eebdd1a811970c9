import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

/** An array as `npzBytes` writes it. */
export interface StoredArray {
  /** Without `.npy`. */
  readonly name: string;
  /** `[]` for a single value. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float64Array | readonly string[];
}

/** A zip entry: its bytes in the pieces that they come in, and what its headers say. */
interface Entry {
  readonly name: Buffer;
  readonly pieces: readonly Buffer[];
  readonly size: number;
  readonly crc: number;
}

/** The first moment that a zip file can name: the same arrays make the same bytes whenever they are written. */
const MIDNIGHT_1980 = { time: 0, date: (1 << 5) | 1 };
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
/** Version 2.0 of the format: deflate and folders, no more. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 1 << 11;
/** NumPy aligns data to it (`numpy.lib.format.ARRAY_ALIGN`). */
const ALIGN = 64;

/**
 * A `.npz` that `np.load` reads without pickle: numbers as `<f8`, text as `<U`, stored without compression, because
 * compressed bytes differ between versions of zlib.
 *
 * Formats: `numpy.lib.format` 1.0; PKWARE APPNOTE 6.3.
 *
 * @param arrays less than 4 GiB together
 * @returns the file in pieces
 */
export function npzBytes(arrays: readonly StoredArray[]): Buffer[] {
  const entries = arrays.map(entryOf);
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const head = Buffer.concat([localHeader(entry), entry.name]);
    directory.push(centralHeader(entry, offset), entry.name);
    pieces.push(head, ...entry.pieces);
    offset += head.length + entry.size;
  }
  const listed = Buffer.concat(directory);
  return [...pieces, listed, endOfDirectory(entries.length, listed.length, offset)];
}

function entryOf({ name, shape, values }: StoredArray): Entry {
  const [descr, data] = values instanceof Float64Array ? ['<f8', floats(values)] : text(values);
  const pieces = [npyHeader(descr, shape), data];
  return {
    name: Buffer.from(`${name}.npy`),
    pieces,
    size: pieces.reduce((sum, { length }) => sum + length, 0),
    crc: pieces.reduce((crc, piece) => crc32(piece, crc), 0),
  };
}

function npyHeader(descr: string, shape: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = '\x93NUMPY\x01\x00'.length + 2;
  const length = Math.ceil((before + dict.length + 1) / ALIGN) * ALIGN - before;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    size,
    Buffer.from(`${dict.padEnd(length - 1)}\n`, 'latin1'),
  ]);
}

function floats(values: Float64Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap64();
}

/** UTF-32 of one width, filled up with zeros. */
function text(values: readonly string[]): [descr: string, data: Buffer] {
  const points = values.map((value) => Array.from(value, (letter) => letter.codePointAt(0)!));
  const width = points.reduce((most, { length }) => Math.max(most, length), 1);
  const data = Buffer.alloc(4 * width * values.length);
  points.forEach((letters, i) => {
    letters.forEach((point, k) => data.writeUInt32LE(point, 4 * (i * width + k)));
  });
  return [`<U${width}`, data];
}

function localHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  describeEntry(header, 4, entry);
  return header;
}

function centralHeader(entry: Entry, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  describeEntry(header, 6, entry);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** What both headers say alike: version, flags, method (0, stored), time, checksum, sizes and length of the name. */
function describeEntry(header: Buffer, at: number, { name, size, crc }: Entry): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(FLAGS, at + 2);
  header.writeUInt16LE(MIDNIGHT_1980.time, at + 6);
  header.writeUInt16LE(MIDNIGHT_1980.date, at + 8);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(size, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
