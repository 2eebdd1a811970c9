import { describe, expect, it } from 'vitest';

import { conclude } from '../../src/diagnostic/conclude.ts';
import { sequentialP, stoppingPoint } from '../../src/diagnostic/sequential.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { diagnose } from './diagnose.ts';
import { ignoreScores, pickLarger, stubFusion, stubPlan } from './stub-fusion.ts';

const rule = { exceedances: 3, most: 8 };
const marks = (text: string) => Array.from(text, (mark) => mark === '1');

describe('the p-value of draws that stop early', () => {
  it.each([
    // Besag and Clifford (1991): h / l at the h-th exceedance, else (1 + exceedances) / (K + 1).
    ['111', 3 / 3],
    ['010110', 3 / 5],
    ['01011011', 3 / 5],
    ['00000111', 3 / 8],
    ['00000011', 3 / 9],
    ['00000000', 1 / 9],
  ])('of %s is %d', (draws, p) => {
    expect(sequentialP(marks(draws), rule)).toBe(p);
  });

  it('is what the one of all draws cannot lie above, where drawing stopped for another reason', () => {
    for (const draws of ['0', '0100', '0000000']) {
      const bound = sequentialP(marks(draws), rule);
      const rest = rule.most - draws.length;
      for (let bits = 0; bits < 2 ** rest; bits++) {
        const all = draws + bits.toString(2).padStart(rest, '0');
        expect(sequentialP(marks(all), rule)).toBeLessThanOrEqual(bound);
      }
    }
  });

  it('is valid: P(p <= a) <= a where Clean-Q is one more draw, by enumeration of its ranks', () => {
    // Clean-Q and 8 draws in random order: given u draws that exceed it, all their orders are as likely.
    const chances = new Map<number, number>();
    for (let bits = 0; bits < 2 ** 8; bits++) {
      const draws = bits.toString(2).padStart(8, '0');
      const exceed = marks(draws).filter(Boolean).length;
      const orders = choose(8, exceed);
      const p = sequentialP(marks(draws), rule);
      chances.set(p, (chances.get(p) ?? 0) + 1 / (9 * orders));
    }
    const ascending = [...chances].sort(([a], [b]) => a - b);
    let below = 0;
    for (const [p, chance] of ascending) {
      below += chance;
      expect(below).toBeLessThanOrEqual(p + 1e-12);
    }
    expect(below).toBeCloseTo(1, 12);
  });

  it('stops at the draw with the last exceedance that is needed', () => {
    expect(stoppingPoint(marks('010110'), 3)).toBe(5);
    expect(stoppingPoint(marks('0101'), 3)).toBeUndefined();
  });
});

describe('a sequential diagnosis', () => {
  const rows = 60;
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
  // One expert is right on two rows of three, the other one on the third; the scores say which.
  const isFirst = (i: number) => i % 3 !== 0;
  const stub = {
    predicted: [0, 1].map((m) => Array.from(labels, (y, i) => (isFirst(i) === (m === 0) ? y : 1 - y))),
    scores: [0, 1].map((m) => Array.from(labels, (_, i) => Number(isFirst(i) === (m === 0)) + i / 1000)),
  };
  const stopping = { exceedances: 20, most: 1000 };
  const permutations = { count: 1000, secondaryCount: 19, scheme: 'independent', seed: 3 } as const;

  it('makes few of the draws where the scores do not matter, the first ones of a whole run', async () => {
    const fusion = stubFusion({ ...stub, rule: ignoreScores });
    const plan = stubPlan(2, { permutations: { ...permutations, stopping } });
    const measured = await takeMeasurements(fusion, { labels }, plan, silentLogger);
    expect(measured.facts.count).toBe(50);
    const { p, broken } = conclude(measured, plan);
    expect(broken.values).toHaveLength(50);
    expect(p).toEqual({ oneSided: 1, otherSide: 1, twoSided: 1 });
    const whole = await diagnose(fusion, labels, stubPlan(2, { permutations }), silentLogger);
    expect(whole.broken.values.slice(0, 50)).toEqual(broken.values);
  });

  it('makes all of them where they matter, and says the same', async () => {
    const fusion = stubFusion({ ...stub, rule: pickLarger });
    const sequential = await diagnose(
      fusion,
      labels,
      stubPlan(2, { permutations: { ...permutations, stopping } }),
      silentLogger,
    );
    const whole = await diagnose(fusion, labels, stubPlan(2, { permutations }), silentLogger);
    expect(sequential.broken.count).toBe(1000);
    expect(sequential.p.oneSided).toBe(whole.p.oneSided);
    expect(sequential.gap).toEqual(whole.gap);
  });
});

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return Math.round(ways);
}
