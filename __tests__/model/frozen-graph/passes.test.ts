import { describe, expect, it } from 'vitest';

import { planPasses } from '../../../src/model/frozen-graph/passes.ts';

const input = (name: string, row: number[], batch: number | null) => ({
  info: { name, dtype: 'float32', shape: [batch, ...row] },
  column: name,
  fills: 'evidence' as const,
  batchAxis: 0 as const,
  fit: { row, batch },
});

describe('planPasses', () => {
  it('takes small rows all at once', () => {
    expect(planPasses(848, undefined, [input('E', [32], null)], 'm.onnx')).toEqual([
      { start: 0, rows: 848, size: 848 },
    ]);
  });

  it('cuts large rows so that a pass stays within its memory', () => {
    const passes = planPasses(100, undefined, [input('video', [64, 3, 112, 112], null)], 'm.onnx');
    const bytes = 64 * 3 * 112 * 112 * 4;
    expect(passes.length).toBeGreaterThan(1);
    for (const { size } of passes) expect(size === 1 || size * bytes <= 256 * 2 ** 20).toBe(true);
    expect(passes.reduce((sum, { rows }) => sum + rows, 0)).toBe(100);
  });

  it('fills the last pass up only where the graph fixes the batch', () => {
    const asked = planPasses(7, 3, [input('E', [2], null)], 'm.onnx');
    expect(asked.map(({ rows, size }) => [rows, size])).toEqual([[3, 3], [3, 3], [1, 1]]); // prettier-ignore
    const fixed = planPasses(7, undefined, [input('E', [2], 3)], 'm.onnx');
    expect(fixed.map(({ rows, size }) => [rows, size])).toEqual([[3, 3], [3, 3], [1, 3]]); // prettier-ignore
    expect(planPasses(2, undefined, [input('E', [2], 3)], 'm.onnx')).toEqual([
      { start: 0, rows: 2, size: 3 },
    ]);
  });

  it.each([
    [0, 7, 2, 65_536],
    [1e9, 7, 2, 65_536],
    // More than that for as many examples, as far as 1 GiB holds them: 8 bytes a value.
    [1e9, 1e5, 2, 100_000],
    [1e9, 1e5, 2000, 67_108],
  ])('refuses %d fixed rows for %d examples of %d values', (batch, rows, width, most) => {
    expect(() => planPasses(rows, undefined, [input('E', [width], batch)], 'm.onnx')).toThrow(
      `The model "m.onnx" takes exactly ${batch} rows per pass; from 1 to ${most} are possible. Export it with a free first axis.`,
    );
    expect(planPasses(rows, undefined, [input('E', [width], most)], 'm.onnx')[0].size).toBe(most);
  });

  it('refuses inputs that fix different numbers of rows', () => {
    expect(() => planPasses(7, undefined, [input('E', [2], 4), input('Q', [], 2)], 'm.onnx')).toThrow(
      'The inputs of the model "m.onnx" fix different numbers of rows per pass: E [4, 2] float32 and Q [2] float32. Export it with a free first axis.',
    );
  });
});
