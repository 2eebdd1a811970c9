import { describe, expect, it } from 'vitest';

import { textWidth } from '../../../src/report/html/plots/canvas.ts';
import { placeLabels } from '../../../src/report/html/plots/place-labels.ts';

describe('labels of lines', () => {
  const text = 'ten letters';
  const width = textWidth(text);
  /** Words stand this far from their line. */
  const GAP = 6;

  it('share a row where there is room', () => {
    const placed = placeLabels(
      [
        { x: 50, text },
        { x: 400, text },
      ],
      [0, 480],
    );
    expect(placed.map(({ row }) => row)).toEqual([0, 0]);
  });

  it('stay inside the plot', () => {
    const [placed] = placeLabels([{ x: 470, text }], [0, 480]);
    expect(placed.side).toBe('left');
  });

  it('are neither covered nor crossed where that can be', () => {
    for (const xs of [
      [100, 110, 120, 400],
      [100, 102, 300, 302],
      [400, 420, 440, 460],
      [10, 20, 30, 40],
    ]) {
      const flags = xs.map((x) => ({ x, text }));
      const boxes = placeLabels(flags, [0, 480]).map(({ row, side }, i) => ({
        row,
        from: side === 'right' ? xs[i] + GAP : xs[i] - GAP - width,
        to: side === 'right' ? xs[i] + GAP + width : xs[i] - GAP,
      }));
      boxes.forEach((box, i) => {
        boxes.forEach((other, j) => {
          if (i === j) return;
          const covers = box.row === other.row && box.from < other.to && other.from < box.to;
          const crosses = other.row < box.row && xs[j] > box.from && xs[j] < box.to;
          expect(covers || crosses).toBe(false);
        });
      });
    }
  });
});
