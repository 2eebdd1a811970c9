import { expect, it } from 'vitest';

import { type JudgedRows, pairRows } from '../../src/baseline/pair-rows.ts';

const rows = (...numbers: number[]): Uint32Array => Uint32Array.from(numbers);
const of = (numbers: Uint32Array, sha256: string, ids?: readonly string[]): JudgedRows => ({
  sha256,
  rows: numbers,
  ...(ids && { ids }),
});

it.each<readonly [string, JudgedRows, JudgedRows, Uint32Array | null]>([
  ['the same rows of one file', of(rows(0, 3), 'a'), of(rows(0, 3), 'a'), rows(0, 1)],
  ['other rows of one file', of(rows(0, 3), 'a'), of(rows(0, 4), 'a'), null],
  ['rows of another file without ids', of(rows(0, 3), 'a'), of(rows(0, 3), 'b'), null],
  ['ids in another order', of(rows(0, 1), 'a', ['x', 'y']), of(rows(5, 6), 'b', ['y', 'x']), rows(1, 0)],
  ['an id that is new', of(rows(0, 1), 'a', ['x', 'z']), of(rows(0, 1), 'a', ['x', 'y']), null],
  ['more rows', of(rows(0, 1), 'a', ['x', 'y']), of(rows(0), 'a', ['x']), null],
  ['ids that only one side has', of(rows(0, 1), 'a', ['x', 'y']), of(rows(0, 1), 'b'), null],
])('pairs %s', (_, now, before, order) => {
  expect(pairRows(now, before)).toEqual(order);
});
