import { describe, expect, it } from 'vitest';

import { joinScore } from '../../../src/model/frozen-graph/computed-scores.ts';
import type { LoadedModel } from '../../../src/model/loaded-model.ts';
import { rowsOf } from '../fusion-fixture.ts';

const passes = [
  { start: 0, rows: 2, size: 2 },
  { start: 2, rows: 1, size: 2 },
];
const runner = { loaded: {} as LoadedModel, model: 'm.onnx', data: rowsOf([], 3), passes };
const part = (shape: number[], ...values: number[]) => ({ shape, values: Float32Array.from(values) });
const info = { name: 'q', dtype: 'float32' };
const own = { tensor: 'q', column: 'q', key: 'modalities.a.reliability', modality: 0, batchAxis: 0 } as const;
const matrix = { tensor: 'q', column: 'q', key: 'reliability', order: ['a', 'v'], batchAxis: 0 } as const;

describe('joinScore', () => {
  it.each([
    ['[N]', own, [part([2], 1, 2), part([2], 3, 3)], [3], [1, 2, 3]],
    ['[N, 1, 1]', own, [part([2, 1, 1], 1, 2), part([2, 1, 1], 3, 3)], [3], [1, 2, 3]],
    ['[N, 2]', own, [part([2, 2], 1, 2, 3, 4), part([2, 2], 5, 6, 5, 6)], [3, 2], [1, 2, 3, 4, 5, 6]],
    [
      '[N, 1, M]',
      matrix,
      [part([2, 1, 2], 1, 2, 3, 4), part([2, 1, 2], 5, 6, 5, 6)],
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ],
    [
      '[M, N]',
      { ...matrix, batchAxis: 1 as const },
      [part([2, 2], 1, 3, 2, 4), part([2, 2], 5, 5, 6, 6)],
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ],
    [
      '[N, 1] of one modality',
      { ...matrix, order: ['a'] },
      [part([2, 1], 1, 2), part([2, 1], 3, 3)],
      [3, 1],
      [1, 2, 3],
    ],
  ])('joins %s, without the padding', (_, score, parts, shape, values) => {
    const { column } = joinScore(runner, score, info, parts);
    expect(column.shape).toEqual(shape);
    expect([...column.values]).toEqual(values);
  });

  it.each([
    [
      'whole numbers',
      own,
      'int64',
      part([2], 1, 2),
      'The reliability "q" of the model "m.onnx" is int64; a score is float32, float64, float16. Name the tensor before it is converted, or the one it is converted back to.',
    ],
    [
      'a grid for each example',
      own,
      'float32',
      part([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
      'The reliability "q" of the model "m.onnx" has shape [2, 2, 2] for 2 examples; one number or one short vector per example, [2], [2, 1] or [2, d], is needed.',
    ],
    [
      'no axis for examples',
      own,
      'float32',
      part([1], 1),
      'The reliability "q" of the model "m.onnx" has shape [1] for 2 examples; one number or one short vector per example, [2], [2, 1] or [2, d], is needed.',
    ],
    [
      'a third modality',
      { ...matrix, batchAxis: 1 as const },
      'float32',
      part([3, 2], 1, 2, 3, 4, 5, 6),
      'The reliability "q" of the model "m.onnx" has shape [3, 2] for 2 examples; [2, 2] is needed for axis: 0 and order: [a, v].',
    ],
  ])('refuses %s', (_, score, dtype, found, sentence) => {
    expect(() => joinScore(runner, score, { ...info, dtype }, [found, found])).toThrow(sentence);
  });
});
