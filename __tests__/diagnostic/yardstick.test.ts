import { describe, expect, it } from 'vitest';

import { cellsOf } from '../../src/diagnostic/cells.ts';
import type { Outcomes } from '../../src/diagnostic/outcomes.ts';
import { joinOutcomes } from '../../src/diagnostic/outcomes.ts';
import { yardstickFor } from '../../src/diagnostic/yardstick.ts';

const CELLS = cellsOf(Int32Array.of(0, 0, 0, 1), 2);

/** Of two classes, with the values of two gauges per set. */
function outcomes(
  ...sets: readonly (readonly [hits: readonly number[], values: readonly number[]])[]
): Outcomes {
  return joinOutcomes(
    sets.map(([hits, values]) => ({ hits: Uint32Array.from(hits), values: Float64Array.from(values) })),
  );
}

const CLEAN = outcomes([
  [3, 0],
  [0.5, 0.9],
]);
const BROKEN = outcomes(
  [
    [2, 0],
    [0.8, 0.9],
  ],
  [
    [3, 1],
    [0.4, 0.7],
  ],
  [
    [3, 0],
    [0.5, 0.8],
  ],
);

describe('a yardstick', () => {
  it('of a count looks at the hits', () => {
    const accuracy = yardstickFor('accuracy', CELLS);
    expect(accuracy.values(BROKEN)).toEqual([0.5, 1, 0.75]);
    expect(accuracy.compare(CLEAN, BROKEN)).toEqual({
      gap: 0,
      p: { oneSided: 3 / 4, otherSide: 3 / 4, twoSided: 1 },
    });
    expect(yardstickFor('balanced-accuracy', CELLS).gaps(BROKEN, CLEAN)).toEqual([-1 / 6, 0.5, 0]);
  });

  it('of a gauge looks at its own values, and up is better where it says so', () => {
    const auroc = yardstickFor('auroc', CELLS, 1);
    expect(auroc.values(BROKEN)).toEqual([0.9, 0.7, 0.8]);
    const { gap, p } = auroc.compare(CLEAN, BROKEN);
    expect(gap).toBeCloseTo(0.1, 12);
    expect(p).toEqual({ oneSided: 2 / 4, otherSide: 1, twoSided: 1 });
  });

  it('of a gauge that is better when low has a positive gap where shuffling raises it', () => {
    const logLoss = yardstickFor('log-loss', CELLS, 0);
    const { gap, p } = logLoss.compare(CLEAN, BROKEN);
    // (0.8 + 0.4 + 0.5) / 3 - 0.5; one shuffle is better and one ties.
    expect(gap).toBeCloseTo(0.2 / 3, 12);
    expect(p).toEqual({ oneSided: 3 / 4, otherSide: 3 / 4, twoSided: 1 });
  });

  it('takes for a tie what rounding alone could have parted', () => {
    const auroc = yardstickFor('auroc', CELLS, 0);
    const clean = outcomes([[3, 0], [0.3]]);
    const almost = outcomes([[3, 0], [0.1 + 0.2]], [[3, 0], [0.3 - 1e-15]], [[3, 0], [0.3 - 1e-9]]);
    expect(auroc.compare(clean, almost).p).toEqual({ oneSided: 3 / 4, otherSide: 1, twoSided: 1 });
  });
});
