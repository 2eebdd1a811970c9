import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import type { Column } from '../../src/evaluation-set/evaluation-set.ts';
import { readTrainIds } from '../../src/evaluation-set/train-ids.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { expected, fixtures, sentenceOf } from './fixtures.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'train-ids-')));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const texts: Column = { kind: 'text', name: 'id', dtype: 'object', shape: [2], values: ['a', 'b'] };
const numbers: Column = {
  kind: 'numbers',
  name: 'id',
  dtype: 'int64',
  shape: [2],
  values: Float64Array.of(7, 8),
};

async function read(name: string, contents: string | Uint8Array, ids: Column, column?: string) {
  writeFileSync(join(folder, name), contents);
  return [...(await readTrainIds({ path: name, column }, ids, openWorkspace(folder)))];
}

describe('ids that were trained on', () => {
  it('stand one a line, whatever ends the lines', async () => {
    expect(await read('t.txt', '\ufeffs1/clip 3\r\n  b\t\n\n001\nb\n', texts)).toEqual([
      's1/clip 3',
      'b',
      '001',
    ]);
    expect(await read('T.TXT', 'a', texts)).toEqual(['a']);
  });

  it('are numbers where the others are', async () => {
    expect(await read('t.txt', '007\n8.0\n-1\n', numbers)).toEqual(['7', '8', '-1']);
    expect(await read('t.csv', 'id\n007\n8\n', numbers)).toEqual(['7', '8']);
  });

  it('stand in a column, called as the one of the evaluation set or otherwise', async () => {
    expect(await read('t.csv', 'id,y\na,1\nb,0\n', texts)).toEqual(['a', 'b']);
    expect(await read('t.jsonl', '{"clip": "a"}\n{"clip": "c"}\n', texts, 'clip')).toEqual(['a', 'c']);
  });

  it('are the ones that NumPy and Arrow have', async () => {
    const columns = Object.entries(expected).flatMap(([path, arrays]) =>
      Object.entries(arrays)
        .filter(
          ([, { shape, values }]) => shape.length === 1 && values.every((value) => typeof value === 'string'),
        )
        .filter(
          ([, { values }]) =>
            !values.some((value) => ['NaN', 'Infinity', '-Infinity'].includes(String(value))),
        )
        .map(([column, { values }]) => ({ path, column, values })),
    );
    const formats = new Set(columns.map(({ path }) => path.replace(/.*\./, '')));
    expect([...formats].toSorted()).toEqual(['npz', 'parquet']);
    for (const { path, column, values } of columns) {
      expect(await readTrainIds({ path, column }, texts, fixtures)).toEqual(new Set(values));
    }
  });

  it.each<[string, string | Uint8Array, Column, string | undefined, string]>([
    ['t.txt', '\n \n', texts, undefined, 'The list of training ids "t.txt" is empty; name at least one id.'],
    [
      't.txt',
      '7\ns8\n',
      numbers,
      undefined,
      'The list of training ids "t.txt" holds "s8" in line 2, and the id column id [2] int64 of the evaluation set holds numbers; no two could ever be equal. Give the same kind of id in both.',
    ],
    [
      't.csv',
      'id\n7\n8\n',
      texts,
      undefined,
      'The column id [2] number of the list of training ids "t.csv" holds numbers, and the id column id [2] object of the evaluation set holds text; no two could ever be equal. Give the same kind of id in both, such as text, one a line in a .txt.',
    ],
    [
      't.csv',
      'ids\na\n',
      texts,
      undefined,
      '"t.csv" has no column "id". Did you mean "ids"? It has: ids [1] text.',
    ],
    [
      't.jsonl',
      '{"id": ["a", "b"]}\n',
      texts,
      undefined,
      'The column id [1, 2] text of the list of training ids "t.jsonl" needs one id a row.',
    ],
    [
      't.jsonl',
      '{"id": 7}\n{"x": 1}\n',
      numbers,
      undefined,
      'The column id [2] number of the list of training ids "t.jsonl" holds NaN in row 1 (counting from 0), which is no id: it is missing, or beyond 2^53 - 1, where numbers are rounded. Write every id, and ids of this size as text.',
    ],
    [
      't.json',
      '["a"]',
      texts,
      undefined,
      'The list of training ids "t.json" has the extension ".json"; .npz, .csv, .jsonl, .parquet and .txt are read. Did you mean ".jsonl"?',
    ],
    [
      't.txt',
      Buffer.from('a\xff', 'latin1'),
      texts,
      undefined,
      '"t.txt" is not UTF-8 text. Save it with the encoding UTF-8.',
    ],
    [
      't.txt',
      'a\n'.repeat(10_000_001),
      texts,
      undefined,
      'The list of training ids "t.txt" has 10000001 entries; at most 10000000 are read.',
    ],
  ])(
    'are refused where nothing could be found among them: %s %#',
    async (name, contents, ids, column, sentence) => {
      expect(await sentenceOf(() => read(name, contents, ids, column))).toBe(sentence);
    },
  );
});
