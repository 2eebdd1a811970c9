import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { describe, expect, it } from 'vitest';

import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { checkPages } from '../../src/evaluation-set/parquet-pages.ts';
import { asExpected, expected, fixtures, openText, sentenceOf } from './fixtures.ts';

const CODECS = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'];

describe.each(CODECS)('Parquet packed with %s', (codec) => {
  const file = `${codec}.parquet`;

  it.each(Object.keys(expected[file]))('reads %s as Arrow does', async (name) => {
    const set = await openEvaluationSet(file, fixtures);
    expect(asExpected(await set.read(name))).toEqual(expected[file][name]);
  });
});

describe('Parquet', () => {
  it('says what it knows of columns before they are read', async () => {
    const { columns } = await openEvaluationSet('snappy.parquet', fixtures);
    const known = Object.fromEntries(columns.map(({ name, dtype, shape }) => [name, { dtype, shape }]));
    expect(known).toMatchObject({
      id: { dtype: 'string', shape: [4] },
      category: { dtype: 'string', shape: [4] },
      y: { dtype: 'int64', shape: [4] },
      u8: { dtype: 'uint8', shape: [4] },
      f2: { dtype: 'float16', shape: [4] },
      flag: { dtype: 'bool', shape: [4] },
      fixed: { dtype: 'list<float32>', shape: [4, 2] },
      // The missing list counts as one value, so the footer does not tell the length of the others.
      E: { dtype: 'list<float64>', shape: [4] },
      H: { dtype: 'list<list<float32>>', shape: [4] },
    });
  });

  it.each([
    ['time', 'timestamp'],
    ['date', 'date'],
    ['money', 'decimal'],
    ['record', 'struct'],
    ['mapping', 'map'],
    ['binary', 'binary'],
    ['records', 'list<struct>'],
  ])('refuses the column %s by its type', async (name, type) => {
    const set = await openEvaluationSet('refused.parquet', fixtures);
    expect(await sentenceOf(() => set.read(name))).toBe(
      `The column "${name}" of "refused.parquet" has the Parquet type ${type}; numbers, booleans, strings and lists of them are read.`,
    );
  });

  it.each([
    [
      'unsafe',
      'The column "unsafe" of "refused.parquet" holds 9007199254740992 in row 1 (counting from 0), beyond the integers that are read exactly (up to 2^53 - 1). Store ids of this size as text.',
    ],
    [
      'ragged',
      'The column "ragged" of "refused.parquet" is ragged: the value in row 1 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
    ],
    [
      'hole',
      'The column "hole" of "refused.parquet" is text and has no value in row 1 (counting from 0); write one in every row.',
    ],
  ])('refuses the values of %s', async (name, sentence) => {
    const set = await openEvaluationSet('refused.parquet', fixtures);
    expect(await sentenceOf(() => set.read(name))).toBe(sentence);
  });

  it.each(['truncated.parquet', 'overwritten.parquet'])('says that %s is damaged', async (file) => {
    const read = async () => (await openEvaluationSet(file, fixtures)).read('id');
    expect(await sentenceOf(read)).toBe(
      `"${file}" is not a complete Parquet file: it is damaged, cut off, or uses a feature that is not read (encryption, LZO).`,
    );
  });

  it('says so of a footer in which a column has lost its name', async () => {
    const bytes = readFileSync(join(fixtures.root, 'none.parquet'));
    // The kind of a field in the schema, in the footer's Thrift: what was a name is then something else.
    bytes[23359 >> 3] ^= 1 << (23359 & 7);
    expect(await sentenceOf(() => openText('x.parquet', bytes))).toContain('is not a complete Parquet file');
  });

  it('does not wait for a page whose header has lost its sizes', async () => {
    const bytes = readFileSync(join(fixtures.root, 'none.parquet'));
    // The page header of "H" (at byte 1282 on) then ends in a boolean where the sizes of its levels should begin.
    bytes[1333] ^= 4;
    const set = await openText('x.parquet', bytes);
    expect(await sentenceOf(() => set.read('H'))).toContain('is not a complete Parquet file');
  });
});

describe('checkPages', () => {
  it('refuses a page that declares more than is read, before it is unpacked', async () => {
    const page = pageHeader({ uncompressed: 100, values: 2 ** 27 });
    expect(await sentenceOf(() => checkPages(...oneColumn(page), 'The column "Q"'))).toBe(
      'The column "Q" declares 134217728 values in 100 bytes; at most 16777216 values and 2147483648 bytes are read.',
    );
  });

  it('adds up the pages of a column', async () => {
    const page = pageHeader({ uncompressed: 2 ** 30 + 1, values: 1 });
    await checkPages(...oneColumn(page), 'The column "Q"');
    expect(await sentenceOf(() => checkPages(...oneColumn([...page, ...page]), 'The column "Q"'))).toBe(
      'The column "Q" declares 2 values in 2147483650 bytes; at most 16777216 values and 2147483648 bytes are read.',
    );
  });

  it('does not follow a page that leads backwards', async () => {
    const page = pageHeader({ uncompressed: 1, values: 1, compressed: -12 });
    await expect(checkPages(...oneColumn([...page, 0]), 'The column "Q"')).rejects.toThrow(RangeError);
  });
});

/** A data page header as the Parquet format has it: Thrift's compact protocol, fields 1, 2, 3 and 5. */
function pageHeader({ uncompressed = 0, compressed = 0, values = 0 }): number[] {
  const i32 = (value: number): number[] => [0x15, ...zigzag(value)];
  const details = [...i32(values), ...i32(0), ...i32(3), ...i32(3), 0];
  return [...i32(0), ...i32(uncompressed), ...i32(compressed), 0x2c, ...details, 0];
}

function zigzag(value: number): number[] {
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  const bytes: number[] = [];
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return [...bytes, left];
}

/** A file of one column chunk that holds these bytes. */
function oneColumn(bytes: readonly number[]): [AsyncBuffer, FileMetaData, string] {
  const { buffer } = Uint8Array.from(bytes);
  const file = {
    byteLength: buffer.byteLength,
    slice: (start: number, end?: number) => buffer.slice(start, end),
  };
  const meta_data = {
    type: 'DOUBLE' as const,
    encodings: [],
    path_in_schema: ['Q'],
    codec: 'UNCOMPRESSED' as const,
    num_values: 1n,
    total_uncompressed_size: BigInt(bytes.length),
    total_compressed_size: BigInt(bytes.length),
    data_page_offset: 0n,
  };
  const metadata: FileMetaData = {
    version: 1,
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'Q', type: 'DOUBLE', repetition_type: 'REQUIRED' },
    ],
    num_rows: 1n,
    row_groups: [
      { columns: [{ file_offset: 0n, meta_data }], total_byte_size: BigInt(bytes.length), num_rows: 1n },
    ],
    metadata_length: 0,
  };
  return [file, metadata, 'Q'];
}
