import { describe, expect, it } from 'vitest';

import type { Column } from '../../src/evaluation-set/evaluation-set.ts';
import { readTrueValues } from '../../src/evaluation-set/true-values.ts';
import { sentenceOf } from './fixtures.ts';

function numbers(values: readonly number[], shape = [values.length]): Column {
  return { name: 'y', dtype: 'float64', shape, kind: 'numbers', values: Float64Array.from(values) };
}

describe('readTrueValues', () => {
  it('takes numbers as they are', () => {
    expect(readTrueValues(numbers([-2.5, 0, 1e9]))).toEqual(Float64Array.of(-2.5, 0, 1e9));
    expect(readTrueValues(numbers([1, 2], [2, 1]))).toEqual(Float64Array.of(1, 2));
  });

  it.each<[string, Column, string]>([
    [
      'several values a row',
      numbers([1, 2, 3, 4], [2, 2]),
      'The label column y [2, 2] float64 needs one value a row; save the one that is to be predicted as a column of its own.',
    ],
    [
      'a value that is missing',
      numbers([0.5, NaN]),
      'The label column "y" is NaN in row 1 (counting from 0). Label every evaluated row, or leave it out with columns.subset.',
    ],
    [
      'a value that is infinite',
      numbers([-Infinity, 1]),
      'The label column "y" is -Infinity in row 0 (counting from 0). Label every evaluated row, or leave it out with columns.subset.',
    ],
    [
      'text',
      { name: 'y', dtype: 'object', shape: [2], kind: 'text', values: ['0.5', 'calm'] },
      'The label column "y" holds text, "calm" in row 1 (counting from 0); numbers are needed.',
    ],
  ])('refuses %s', async (_, column, sentence) => {
    expect(await sentenceOf(() => readTrueValues(column))).toBe(sentence);
  });
});
