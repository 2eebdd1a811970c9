import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';

import { regressionOf, regressionsOf } from '../../src/history/change-point.ts';
import type { HistoryRecord } from '../../src/history/record-schema.ts';
import { sampleRecord, shaOf } from './sample-record.ts';

const ERROR = 0.01;
/** Of a 95 % interval: scipy.stats.norm.ppf(0.975). */
const HALF = 1.959963984540054 * ERROR;

const at = (n: number, value: number, changes: Partial<HistoryRecord> = {}) =>
  sampleRecord(n, { gap: { value, lower: value - HALF, upper: value + HALF, confidence: 0.95 }, ...changes });
const series = (...values: readonly number[]) => values.map((value, n) => at(n, value));

/** Standard normal, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('regressionOf', () => {
  it('tells a drop from the first commit on that shows it', () => {
    // z = 0.05 / sqrt(2 * 0.01 ** 2) = 3.54.
    const regression = regressionOf(series(0.1, 0.101, 0.099, 0.05))!;

    expect(regression.since.sha).toBe(shaOf(3));
    expect(regression.before).toBeCloseTo(0.1, 10);
    expect(regression.after).toBeCloseTo(0.05, 10);
  });

  it('leaves alone what chance may do', () => {
    // z = 0.036 / sqrt(2 * 0.01 ** 2) = 2.55, below 2.58.
    expect(regressionOf(series(0.1, 0.101, 0.099, 0.064))).toBeUndefined();
    // z = 2.62.
    expect(regressionOf(series(0.1, 0.101, 0.099, 0.063))).toBeDefined();
  });

  it('stays with the first drop until the gap has made up for half of it', () => {
    const fallen = [0.1, 0.101, 0.099, 0.05, 0.04];

    expect(regressionOf(series(...fallen))!.since.sha).toBe(shaOf(3));
    expect(regressionOf(series(...fallen, 0.07))!.since.sha).toBe(shaOf(3));
    expect(regressionOf(series(...fallen, 0.08))).toBeUndefined();
    expect(regressionOf(series(...fallen, 0.08, 0.04))!.since.sha).toBe(shaOf(6));
  });

  it('measures a drop from the level that a rise has reached', () => {
    const risen = [0.02, 0.021, 0.019, 0.1, 0.101, 0.099];

    expect(regressionOf(series(...risen))).toBeUndefined();
    expect(regressionOf(series(...risen, 0.05))!.before).toBeCloseTo(0.1, 10);
  });

  it('learns nothing from the same measurement again, from invalid ones, or from another metric', () => {
    const again = [0, 1, 2].map((n) => at(n, 0.1));
    expect(regressionOf([...again, at(3, 0.02)])).toBeUndefined();

    const known = series(0.1, 0.101, 0.099);
    expect(regressionOf([...known, at(3, 0, { verdict: 'invalid' })])).toBeUndefined();
    expect(regressionOf([...known, at(3, 0, { metric: 'auroc' })])).toBeUndefined();
  });

  it('raises few false alarms: fewer than one in five years of a new model every working day', () => {
    const random = seedrandom('false alarms');
    const years = 40;
    const alarms = Array.from({ length: years }, () => {
      const values = Array.from({ length: 250 }, () => 0.1 + ERROR * normal(random));
      return regressionsOf(series(...values)).length;
    }).reduce((sum, count) => sum + count, 0);

    expect(alarms / years).toBeLessThan(1 / 5);
  });

  it('finds nine of ten drops by five standard errors at once', () => {
    const random = seedrandom('drops');
    const tries = 200;
    const found = Array.from({ length: tries }, () => {
      const values = Array.from({ length: 20 }, () => 0.1 + ERROR * normal(random));
      return regressionOf(series(...values, 0.1 - 5 * ERROR + ERROR * normal(random))) !== undefined;
    }).filter(Boolean).length;

    expect(found / tries).toBeGreaterThan(0.85);
  });
});
