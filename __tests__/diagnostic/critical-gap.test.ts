import { describe, expect, it } from 'vitest';

import { cellsOf } from '../../src/diagnostic/cells.ts';
import { criticalGap } from '../../src/diagnostic/critical-gap.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { yardstickFor } from '../../src/diagnostic/yardstick.ts';

const ALPHA = 0.05;

describe('the gap at which p falls to alpha', () => {
  it('lies half way between the draw to beat and the next', () => {
    // Of 39 draws one may be at least as good: (1 + 1) / 40. Clean-Q has to be better than the second largest.
    const draws = Array.from({ length: 39 }, (_, i) => i);
    expect(criticalGap(draws, 'higher', 'oneSided', ALPHA)).toBe(37.5 - 19);
    expect(criticalGap(draws, 'lower', 'otherSide', ALPHA)).toBe(37.5 - 19);
    const skewed = draws.map((value) => value ** 2);
    const mean = (38 * 39 * 77) / 6 / 39;
    expect(criticalGap(skewed, 'higher', 'oneSided', ALPHA)).toBe((37 ** 2 + 38 ** 2) / 2 - mean);
    expect(criticalGap(skewed, 'lower', 'oneSided', ALPHA)).toBe(mean - (0 + 1) / 2);
  });

  it('is that of the draw itself where none is beyond', () => {
    const draws = Array.from({ length: 39 }, (_, i) => Math.min(i, 30));
    expect(criticalGap(draws, 'higher', 'oneSided', ALPHA)).toBeCloseTo(30 - (465 + 240) / 39, 12);
    expect(criticalGap([3, 1, 2], 'higher', 'oneSided', 0.25)).toBe(1);
  });

  it('is not known of so few draws that p is never that small', () => {
    expect(criticalGap(new Array<number>(18).fill(1), 'higher', 'oneSided', ALPHA)).toBeNull();
    expect(criticalGap(new Array<number>(19).fill(1), 'higher', 'oneSided', ALPHA)).toBe(0);
  });

  it.each([19, 99, 199])('parts what passes from what does not: %d draws', (count) => {
    const random = randomFor('critical gap', count);
    // 40 rows of one class: a metric of 40 steps.
    const yardstick = yardstickFor('accuracy', cellsOf(new Int32Array(40), 1));
    const hits = Uint32Array.from({ length: count }, () => 10 + Math.floor(10 * (random() + random())));
    const broken = { hits, values: new Float64Array() };
    for (let right = 0; right <= 40; right++) {
      const clean = { hits: Uint32Array.of(right), values: new Float64Array() };
      const { gap, p } = yardstick.compare(clean, broken);
      for (const side of ['oneSided', 'otherSide'] as const) {
        const size = side === 'oneSided' ? gap : -gap;
        const passes = size > yardstick.criticalGap(broken, side, ALPHA)! + 1e-12;
        expect(passes, `${right} right, ${side}`).toBe(p[side] <= ALPHA);
      }
    }
  });

  it('is the median of those at half of alpha where examples come again in other repeats', () => {
    const labels = new Int32Array(4);
    const folds = { of: Int32Array.of(0, 0, 1, 1), names: ['a', 'b'], repeats: [[0], [1]] };
    const yardstick = yardstickFor('accuracy', cellsOf(labels, 1, folds));
    // At 2.5 % of 39 draws Clean-Q has to beat all of them; each fold has two rows. The first has 2 of 2 right in a single draw.
    const hits = Uint32Array.from({ length: 78 }, (_, i) => (i === 0 ? 2 : 1));
    const [first, second] = [1 - (2 + 38) / 2 / 39, 0];
    expect(yardstick.criticalGap({ hits, values: new Float64Array() }, 'oneSided', ALPHA)).toBeCloseTo(
      (first + second) / 2,
      12,
    );
  });
});
