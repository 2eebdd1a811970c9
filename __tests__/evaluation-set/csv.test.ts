import { describe, expect, it } from 'vitest';

import { openText, sentenceOf } from './fixtures.ts';

async function read(csv: string, name: string) {
  return (await openText('x.csv', csv)).read(name);
}

describe('CSV', () => {
  it('reads numbers, with empty fields as NaN', async () => {
    const column = await read('Q\n1\n-2.5e-3\n""\nNaN\n-inf\n+Infinity\n.5\n', 'Q');
    expect(column).toEqual({
      name: 'Q',
      dtype: 'number',
      kind: 'numbers',
      shape: [7],
      values: Float64Array.of(1, -0.0025, NaN, NaN, -Infinity, Infinity, 0.5),
    });
  });

  it('reads the booleans that pandas writes', async () => {
    const column = await read('M,y\nTrue,1\nFalse,1\n,1\n', 'M');
    expect(column).toMatchObject({ dtype: 'bool', values: Float64Array.of(1, 0, NaN) });
  });

  it('keeps text as it is, between quotes', async () => {
    const column = await read('id,y\n"a, ""b""\nc",1\n grün ,2\n,3\n', 'id');
    expect(column).toMatchObject({ kind: 'text', dtype: 'text', values: ['a, "b"\nc', 'grün', ''] });
  });

  it('takes ids that no double holds as text, so that two of them stay two', async () => {
    const column = await read('id\n9007199254740992\n9007199254740993\n', 'id');
    expect(column).toMatchObject({ kind: 'text', values: ['9007199254740992', '9007199254740993'] });
  });

  it('does not take other notations for numbers', async () => {
    for (const field of ['0x10', '1_000', '1,5', '12abc', 'e5', '.', '--1']) {
      expect((await read(`Q\n"${field}"\n`, 'Q')).kind).toBe('text');
    }
  });

  it('reads JSON lists as vectors and tensors', async () => {
    const set = await openText('x.csv', 'E,H\n"[1, 2]","[[1],[2]]"\n"[3, null]","[[3],[4]]"\n,\n');
    expect(set.columns).toMatchObject([
      { name: 'E', dtype: 'list', shape: [3, 2] },
      { name: 'H', dtype: 'list', shape: [3, 2, 1] },
    ]);
    expect(await set.read('E')).toMatchObject({ values: Float64Array.of(1, 2, 3, NaN, NaN, NaN) });
    expect(await set.read('H')).toMatchObject({
      shape: [3, 2, 1],
      values: Float64Array.of(1, 2, 3, 4, NaN, NaN),
    });
  });

  it('takes a byte order mark, Windows line ends, blank lines and the index that pandas writes', async () => {
    const set = await openText('x.csv', '\ufeff,y,Q\r\n0,1,0.5\r\n\r\n1,0,0.25\r\n');
    expect(set.columns.map(({ name }) => name)).toEqual(['y', 'Q']);
    expect((await set.read('y')).values).toEqual(Float64Array.of(1, 0));
  });

  it('is not impressed by names from JavaScript', async () => {
    expect((await read('__proto__,constructor\n1,2\n', '__proto__')).values).toEqual(Float64Array.of(1));
  });

  it('reads a header without rows', async () => {
    expect(await read('y,Q\n', 'y')).toMatchObject({ shape: [0] });
  });

  it.each([
    ['an empty file', '', '"x.csv" is empty; its first line must name the columns.'],
    [
      'no header',
      '0.5,1\n0.25,0\n',
      'The first line of "x.csv" holds only numbers; it must name the columns.',
    ],
    ['a name twice', 'y,Q,Q\n1,2,3\n', '"x.csv" has two columns called "Q"; names must differ.'],
    [
      'a short line',
      'y,Q\n1,2\n3\n',
      '"x.csv" is not valid CSV: line 3 has 1 field, but the header names 2 columns; put a text with commas in quotes.',
    ],
    [
      'an open quote',
      'y,Q\n1,"2\n',
      '"x.csv" is not valid CSV: Quote Not Closed: the parsing is finished with an opening quote at line 2.',
    ],
    [
      'a vector as NumPy prints it',
      'Q\n"[0.1, 0.2]"\n[0.1 0.2]\n',
      'The column "Q" of "x.csv", row 1 (counting from 0): "[0.1 0.2]" is not a JSON list. Write vectors as [0.1, 0.2], with commas, and null where a number is missing.',
    ],
    [
      'ragged vectors',
      'Q\n"[1, 2]"\n"[1, 2, 3]"\n',
      'The column "Q" of "x.csv" is ragged: the value in row 1 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
    ],
  ])('refuses %s', async (_, csv, sentence) => {
    expect(await sentenceOf(() => read(csv, 'Q'))).toBe(sentence);
  });

  it('refuses what is not UTF-8', async () => {
    const utf16 = Buffer.from('\ufeffy,Q\n1,2\n', 'utf16le');
    expect(await sentenceOf(() => openText('x.csv', utf16))).toBe(
      '"x.csv" is not UTF-8 text. Save it with the encoding UTF-8.',
    );
  });

  it('leaves a column that nobody asks for alone', async () => {
    expect((await read('y,notes\n1,[broken\n', 'y')).values).toEqual(Float64Array.of(1));
  });
});
