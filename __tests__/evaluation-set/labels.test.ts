import { describe, expect, it } from 'vitest';

import type { Column } from '../../src/evaluation-set/evaluation-set.ts';
import { readLabels } from '../../src/evaluation-set/labels.ts';
import { sentenceOf } from './fixtures.ts';

function numbers(values: readonly number[], shape = [values.length]): Column {
  return { name: 'y', dtype: 'float64', shape, kind: 'numbers', values: Float64Array.from(values) };
}

function text(values: readonly string[]): Column {
  return { name: 'y', dtype: 'object', shape: [values.length], kind: 'text', values };
}

describe('readLabels', () => {
  it('takes class numbers as they are', () => {
    expect(readLabels(numbers([2, 0, 1]), 3)).toEqual(Int32Array.of(2, 0, 1));
    expect(readLabels(numbers([1, 0], [2, 1]), 2)).toEqual(Int32Array.of(1, 0));
  });

  it('finds class names in the order of the outputs', () => {
    expect(readLabels(text(['dog', 'cat', 'dog']), 2, ['cat', 'dog'])).toEqual(Int32Array.of(1, 0, 1));
  });

  it.each<[string, Column, number, string[] | undefined, string]>([
    [
      'NaN',
      numbers([0, NaN]),
      2,
      undefined,
      'The label column "y" has no label (NaN) in row 1 (counting from 0). Label every evaluated row, or leave it out with columns.subset.',
    ],
    [
      'a fraction',
      numbers([0, 0.5]),
      2,
      undefined,
      'The label column "y" holds 0.5 in row 1 (counting from 0); the output has 2 classes, so a label is a whole number from 0 to 1. Where the output is itself a value, say output: {kind: value}.',
    ],
    [
      'a negative number',
      numbers([-1]),
      2,
      undefined,
      'The label column "y" holds -1 in row 0 (counting from 0); the output has 2 classes, so a label is a whole number from 0 to 1.',
    ],
    [
      'classes counted from 1',
      numbers([1, 2, 3]),
      3,
      undefined,
      'The label column "y" holds 3 in row 2 (counting from 0); the output has 3 classes, so a label is a whole number from 0 to 2. If your classes count from 1, subtract 1.',
    ],
    [
      'one-hot rows',
      numbers([0, 1, 1, 0], [2, 2]),
      2,
      undefined,
      'The label column y [2, 2] float64 needs one class a row. Save the class number, e.g. with argmax(axis=1) from one-hot rows.',
    ],
    [
      'text without class names',
      text(['cat']),
      2,
      undefined,
      'The label column "y" holds text, e.g. "cat". List the class names under output.classes, in the order of the outputs.',
    ],
    [
      'text that is no class name',
      text(['dog', 'catt']),
      2,
      ['cat', 'dog'],
      'The label column "y" holds "catt" in row 1 (counting from 0), which is not one of output.classes: cat and dog. Did you mean "cat"?',
    ],
    [
      'another number of names than outputs',
      text(['dog']),
      3,
      ['cat', 'dog'],
      'output.classes names 2 classes (cat and dog); the output has 3.',
    ],
  ])('refuses %s', async (_, column, classes, names, sentence) => {
    expect(await sentenceOf(() => readLabels(column, classes, names))).toBe(sentence);
  });

  it('names rows as it is told to', async () => {
    const read = () => readLabels(numbers([NaN]), 2, undefined, (i) => `line ${i + 40}`);
    expect(await sentenceOf(read)).toContain('in line 40.');
  });
});
