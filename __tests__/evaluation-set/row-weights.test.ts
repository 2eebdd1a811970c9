import { describe, expect, it } from 'vitest';

import type { EvaluatedRows } from '../../src/evaluation-set/evaluated-rows.ts';
import type { Column } from '../../src/evaluation-set/evaluation-set.ts';
import { readWeights } from '../../src/evaluation-set/row-weights.ts';
import { rowName } from '../../src/evaluation-set/wording.ts';
import { sentenceOf } from './fixtures.ts';

function numbers(values: readonly number[], shape = [values.length]): Column {
  return { name: 'w', dtype: 'float64', shape, kind: 'numbers', values: Float64Array.from(values) };
}

const read = (column: Column): Promise<Float64Array> =>
  readWeights(
    { nameRow: rowName, read: () => Promise.resolve(column) } as Pick<
      EvaluatedRows,
      'nameRow' | 'read'
    > as EvaluatedRows,
    'w',
  );

describe('readWeights', () => {
  it('takes numbers as they are', async () => {
    expect(await read(numbers([2.5, 0, 1e9]))).toEqual(Float64Array.of(2.5, 0, 1e9));
    expect(await read(numbers([1, 2], [2, 1]))).toEqual(Float64Array.of(1, 2));
  });

  it.each<[string, Column, string]>([
    [
      'several numbers a row',
      numbers([1, 2, 3, 4], [2, 2]),
      'The weight column w [2, 2] float64 needs one number a row: how much the example counts.',
    ],
    [
      'a weight that is missing',
      numbers([0.5, NaN]),
      'The weight column "w" is NaN in row 1 (counting from 0); a weight is finite, and 0 or more. Mend it, or leave the row out with columns.subset.',
    ],
    [
      'a weight that is infinite',
      numbers([Infinity, 1]),
      'The weight column "w" is Infinity in row 0 (counting from 0); a weight is finite, and 0 or more. Mend it, or leave the row out with columns.subset.',
    ],
    [
      'a negative weight',
      numbers([1, 1, -1]),
      'The weight column "w" is -1 in row 2 (counting from 0); a weight is finite, and 0 or more. Mend it, or leave the row out with columns.subset.',
    ],
    [
      'weights that are all 0',
      numbers([0, 0, 0]),
      'The weight column "w" is 0 in all 3 evaluated rows, so that no example counts. Give those that count a weight above 0, or leave out columns.weight.',
    ],
    [
      'text',
      { name: 'w', dtype: 'object', shape: [2], kind: 'text', values: ['0.5', 'much'] },
      'The weight column "w" holds text, "much" in row 1 (counting from 0); numbers are needed.',
    ],
  ])('refuses %s', async (_, column, sentence) => {
    expect(await sentenceOf(() => read(column))).toBe(sentence);
  });
});
