import { describe, expect, it } from 'vitest';

import { readBlocks } from '../../src/evaluation-set/blocks.ts';
import type { Column } from '../../src/evaluation-set/evaluation-set.ts';

const text = (values: readonly string[], shape = [values.length]): Column => ({
  name: 'subject',
  dtype: 'text',
  shape,
  kind: 'text',
  values,
});
const numbers = (values: readonly number[]): Column => ({
  name: 'subject',
  dtype: 'float64',
  shape: [values.length],
  kind: 'numbers',
  values: Float64Array.from(values),
});

describe('blocks', () => {
  it('are numbered in order of first appearance', () => {
    const { of, names } = readBlocks(text(['s2', 's1', 's2', 's9']));
    expect([...of]).toEqual([0, 1, 0, 2]);
    expect(names).toEqual(['s2', 's1', 's9']);
  });

  it('may be whole numbers', () => {
    expect(readBlocks(numbers([7, -3, 7]))).toEqual({ of: Int32Array.of(0, 1, 0), names: ['7', '-3'] });
  });

  it.each([
    [
      text(['a', '', 'b']),
      'The block column "subject" has no value in row 1 (counting from 0). Give every evaluated row a block, or leave it out with columns.subset.',
    ],
    [
      numbers([1, 2, NaN]),
      'The block column "subject" has no value in row 2 (counting from 0). Give every evaluated row a block, or leave it out with columns.subset.',
    ],
    [
      numbers([1, 2.5]),
      'The block column "subject" holds 2.5 in row 1 (counting from 0); a block is text or a whole number up to 2^53 - 1.',
    ],
    [
      numbers([2 ** 53, 1]),
      'The block column "subject" holds 9007199254740992 in row 0 (counting from 0); a block is text or a whole number up to 2^53 - 1.',
    ],
    [
      text(['a', 'a']),
      'The block column "subject" holds "a" in every evaluated row, and a single block cannot tell how much blocks differ. Evaluate on more of them, or remove columns.block.',
    ],
    [text(['a', 'b', 'c', 'd'], [2, 2]), 'The block column subject [2, 2] text needs one value a row.'],
  ])('refuse %#', (column, sentence) => {
    expect(() => readBlocks(column)).toThrow(sentence);
  });
});
