import { describe, expect, it } from 'vitest';

import { openText, sentenceOf } from './fixtures.ts';

async function read(jsonl: string, name: string) {
  return (await openText('x.jsonl', jsonl)).read(name);
}

describe('JSON Lines', () => {
  it('reads numbers, booleans, text and nested lists', async () => {
    const set = await openText(
      'x.jsonl',
      '{"id": "a", "y": 1, "M": true, "E": [[1, 2, 3], [4, 5, 6]]}\r\n\n{"id": "b", "y": 0, "M": false, "E": [[7, 8, 9], [10, null, 12]]}',
    );
    expect(set.columns).toEqual([
      { name: 'id', dtype: 'text', shape: [2] },
      { name: 'y', dtype: 'number', shape: [2] },
      { name: 'M', dtype: 'boolean', shape: [2] },
      { name: 'E', dtype: 'number', shape: [2, 2, 3] },
    ]);
    expect(await set.read('id')).toMatchObject({ kind: 'text', values: ['a', 'b'] });
    expect((await set.read('M')).values).toEqual(Float64Array.of(1, 0));
    expect((await set.read('E')).values).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NaN, 12));
  });

  it('takes a missing key and a null for NaN, and a missing list for a list of NaN', async () => {
    const set = await openText('x.jsonl', '{"y": 1}\n{"Q": 0.5, "E": [1, 2]}\n{"Q": null}\n');
    expect((await set.read('Q')).values).toEqual(Float64Array.of(NaN, 0.5, NaN));
    expect((await set.read('y')).values).toEqual(Float64Array.of(1, NaN, NaN));
    expect(await set.read('E')).toMatchObject({
      shape: [3, 2],
      values: Float64Array.of(NaN, NaN, 1, 2, NaN, NaN),
    });
  });

  it('keeps keys from JavaScript as plain names', async () => {
    const set = await openText(
      'x.jsonl',
      '{"__proto__": 1, "constructor": 2}\n{"__proto__": 3, "constructor": 4}\n',
    );
    expect((await set.read('__proto__')).values).toEqual(Float64Array.of(1, 3));
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it.each([
    ['nothing', '\n', '"x.jsonl" is empty; every line is one row, written as {"column": value, ...}.'],
    [
      'a line that is no JSON',
      '{"Q": 1}\n{"Q": }\n',
      'Line 2 of "x.jsonl" is not valid JSON. Every line is one row, written as {"column": value, ...}.',
    ],
    [
      "Python's NaN",
      '{"Q": NaN}\n',
      'Line 1 of "x.jsonl" is not valid JSON. JSON has no NaN and no Infinity, although Python writes them: write null instead.',
    ],
    [
      'a line that is no object',
      '{"Q": 1}\n[1]\n',
      'Line 2 of "x.jsonl" is not a JSON object; every line is one row, written as {"column": value, ...}.',
    ],
    [
      'ragged lists',
      '{"Q": [1, 2]}\n{"Q": [1]}\n',
      'The column "Q" of "x.jsonl" is ragged: the value in row 1 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
    ],
    [
      'lists ragged within a row',
      '{"Q": [[1, 2], [3]]}\n',
      'The column "Q" of "x.jsonl" is ragged: the value in row 0 (counting from 0) does not have the shape [2, 2] of the one in row 0 (counting from 0). Every row needs the same shape.',
    ],
    [
      'a number for a list',
      '{"Q": [1, 2]}\n{"Q": 1}\n',
      'The column "Q" of "x.jsonl" is ragged: the value in row 1 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
    ],
    [
      'missing text',
      '{"Q": "a"}\n{"y": 1}\n',
      'The column "Q" of "x.jsonl" is text and has no value in row 1 (counting from 0); write one in every row.',
    ],
    [
      'numbers and text',
      '{"Q": 1}\n{"Q": "n/a"}\n',
      'The column "Q" of "x.jsonl" mixes numbers with text: row 1 (counting from 0) holds "n/a". Write numbers in every row, or text in every row.',
    ],
    [
      'an object',
      '{"Q": 1}\n{"Q": {"a": 1}}\n',
      'The column "Q" of "x.jsonl" holds an object in row 1 (counting from 0); only numbers, booleans, text and lists of them are read.',
    ],
    [
      'lists without end',
      `{"Q": ${'['.repeat(40)}${']'.repeat(40)}}\n`,
      'The column "Q" of "x.jsonl" has 10 axes; at most 8 are read.',
    ],
  ])('refuses %s', async (_, jsonl, sentence) => {
    expect(await sentenceOf(() => read(jsonl, 'Q'))).toBe(sentence);
  });

  it('refuses a file of ever new keys before it makes a table of them', async () => {
    const lines = Array.from({ length: 10_001 }, (_, i) => `{"k${i}": 1}`).join('\n');
    expect(await sentenceOf(() => read(lines, 'k0'))).toBe(
      '"x.jsonl" has more than 10000 columns or 16777216 values; save it as .npz or .parquet.',
    );
  });
});
