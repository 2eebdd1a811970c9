import { describe, expect, it } from 'vitest';

import { bankedScores, shuffledScores, type BrokenScores } from '../../src/diagnostic/broken-scores.ts';
import { cellsOf } from '../../src/diagnostic/cells.ts';
import { measure, type Examined } from '../../src/diagnostic/examined.ts';
import {
  exceedancesOf,
  gapOf,
  perDraw,
  permutationTest,
  pValues,
} from '../../src/diagnostic/permutation-test.ts';
import { drawsOf } from '../../src/diagnostic/shard.ts';
import { tallyDraws } from '../../src/diagnostic/tally-draws.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { yardstickFor } from '../../src/diagnostic/yardstick.ts';
import { pickLarger, stubFusion, type Stub } from './stub-fusion.ts';

function examine(stub: Stub, labels: readonly number[]): Examined {
  const fusion = stubFusion(stub);
  const cells = cellsOf(Int32Array.from(labels), fusion.classes);
  return {
    fusion,
    cells,
    yardstick: yardstickFor('accuracy', cells),
    gauges: [],
    progress: silentLogger.progress('', 0),
    tally: tallyDraws,
  };
}

async function compare(examined: Examined, broken: BrokenScores) {
  const clean = await measure(examined, examined.fusion.reliability);
  const draws = await tallyDraws(examined, clean.predicted, { broken, range: drawsOf(broken.count) });
  const metric = examined.yardstick.counted!;
  return { clean, draws, ...permutationTest(metric.numerator(clean.hits), draws.hits, metric) };
}

describe('p-values', () => {
  const of = (clean: number, broken: readonly number[]) =>
    pValues(exceedancesOf(BigInt(clean), broken.map(BigInt)));

  it('count the observed arrangement as one of the draws', () => {
    expect(of(10, [1, 2, 3, 4])).toEqual({ oneSided: 1 / 5, otherSide: 5 / 5, twoSided: 2 / 5 });
    expect(of(0, [1, 2, 3, 4])).toEqual({ oneSided: 1, otherSide: 1 / 5, twoSided: 2 / 5 });
  });

  it('count ties against the claim, on either side', () => {
    expect(of(3, [1, 3, 3, 5, 2, 2, 2])).toEqual({ oneSided: 4 / 8, otherSide: 7 / 8, twoSided: 1 });
    expect(of(3, [3, 3, 3])).toEqual({ oneSided: 1, otherSide: 1, twoSided: 1 });
  });

  it('tell neighbours apart that are the same floating-point number', () => {
    const huge = 10n ** 30n;
    expect(pValues(exceedancesOf(huge + 1n, [huge, huge, huge])).oneSided).toBe(1 / 4);
  });
});

describe('gapOf', () => {
  it('is rounded once', () => {
    // 0.3 - (0.1 + 0.2) / 2 in floats has two roundings too many.
    expect(gapOf(3n, [1n, 2n], 10n)).toBe(0.15);
    expect(0.3 - (0.1 + 0.2) / 2).not.toBe(0.15);
    expect(gapOf(7n, [7n, 7n, 7n], 10n)).toBe(0);
    expect(gapOf(1n, [2n, 2n], 3n)).toBe(-1 / 3);
  });
});

describe('permutationTest', () => {
  // Two experts that always disagree, so that the larger score decides; labels are 1.
  const stub: Stub = {
    rule: pickLarger,
    predicted: [
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ],
    scores: [
      [0.9, 0.8, 0.2, 0.1],
      [0.5, 0.5, 0.5, 0.5],
    ],
  };

  it('is what counting by hand gives', async () => {
    const examined = examine(stub, [1, 1, 1, 1]);
    const { reliability } = examined.fusion;
    // Draw 0 reverses the first score: all wrong. Draw 1 exchanges rows 1 and 2: two wrong. Draw 2 is Clean-Q.
    const bank = [
      Float64Array.of(0.1, 0.2, 0.8, 0.9, 0.9, 0.2, 0.8, 0.1, 0.9, 0.8, 0.2, 0.1),
      new Float64Array(12).fill(0.5),
    ];
    const { clean, draws, ...result } = await compare(examined, bankedScores(reliability, bank, 3));
    expect([...clean.predicted]).toEqual([1, 1, 1, 1]);
    expect(result.numerators).toEqual([0n, 2n, 4n]);
    expect(perDraw(draws.hits, 2).map((hits) => [...hits])).toEqual([
      [0, 0],
      [0, 2],
      [0, 4],
    ]);
    expect([...draws.flipped]).toEqual([4, 2, 0]);
    expect([...draws.right]).toEqual([2, 1, 1, 2]);
    expect(result.gap).toBe(0.5);
    expect(result.p).toEqual({ oneSided: 2 / 4, otherSide: 1, twoSided: 1 });
  });

  it('counts flips between wrong classes, too', async () => {
    const examined = examine(
      {
        ...stub,
        classes: 3,
        predicted: [
          [1, 1, 2, 2],
          [2, 2, 1, 1],
        ],
      },
      [0, 0, 0, 0],
    );
    const { reliability } = examined.fusion;
    const bank = [Float64Array.of(0.1, 0.2, 0.8, 0.9), new Float64Array(4).fill(0.5)];
    const { draws, gap } = await compare(examined, bankedScores(reliability, bank, 1));
    expect([...draws.flipped]).toEqual([4]);
    expect(gap).toBe(0);
  });

  it('converges to the enumeration of all arrangements', async () => {
    const rows = 5;
    const labels = [1, 0, 1, 1, 0];
    const predicted = [
      [1, 0, 0, 1, 1],
      [0, 1, 1, 0, 0],
    ];
    const scores = [
      [0.9, 0.3, 0.2, 0.7, 0.6],
      [0.5, 0.5, 0.5, 0.5, 0.5],
    ];
    const hitsOf = (order: readonly number[]) =>
      labels.filter((label, i) => predicted[scores[0][order[i]] >= 0.5 ? 0 : 1][i] === label).length;
    const clean = hitsOf([0, 1, 2, 3, 4]);
    const all = ordersOf(rows).map(hitsOf);
    const exactP = all.filter((hits) => hits >= clean).length / all.length;
    const exactMean = all.reduce((sum, hits) => sum + hits, 0) / all.length / rows;

    const examined = examine({ rule: pickLarger, predicted, scores }, labels);
    const { fusion } = examined;
    const draws = 20_000;
    const broken = shuffledScores(fusion.reliability, fusion.modalities, {
      scheme: 'independent',
      count: draws,
      seed: 1,
      stream: 'shuffle',
    });
    const result = await compare(examined, broken);
    expect(all).toHaveLength(120);
    expect(exactP).toBeGreaterThan(0);
    expect(exactP).toBeLessThan(1);
    // Four standard errors of a binomial share.
    expect(Math.abs(result.p.oneSided - exactP)).toBeLessThan(4 * Math.sqrt((exactP * (1 - exactP)) / draws));
    expect(Math.abs(clean / rows - result.gap - exactMean)).toBeLessThan((4 * 0.5) / Math.sqrt(draws));
  });
});

function ordersOf(size: number): number[][] {
  if (size === 0) return [[]];
  return ordersOf(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}
