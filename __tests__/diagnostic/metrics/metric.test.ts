import { describe, expect, it } from 'vitest';

import { advantage, isAtLeastAsGood } from '../../../src/diagnostic/metrics/metric.ts';
import { METRICS } from '../../../src/diagnostic/metrics/metric-table.ts';

const { accuracy, rmse, pearson } = METRICS;

describe('the direction of a metric', () => {
  it('makes a positive advantage always mean better', () => {
    expect(advantage(accuracy, 0.75, 0.5)).toBe(0.25);
    expect(advantage(rmse, 0.75, 0.5)).toBe(-0.25);
  });

  it('says which of two values is at least as good', () => {
    expect(isAtLeastAsGood(accuracy, 0.75, 0.5)).toBe(true);
    expect(isAtLeastAsGood(accuracy, 0.5, 0.75)).toBe(false);
    expect(isAtLeastAsGood(rmse, 0.5, 0.75)).toBe(true);
    expect(isAtLeastAsGood(rmse, 0.75, 0.5)).toBe(false);
    expect(isAtLeastAsGood(rmse, 0.5, 0.5)).toBe(true);
  });

  it('takes values that rounding could have parted for a tie', () => {
    const [sum, other] = [0.1 + 0.2, 0.3];
    expect(sum).toBeGreaterThan(other);
    expect(isAtLeastAsGood(accuracy, other, sum)).toBe(true);
    expect(isAtLeastAsGood(rmse, sum, other)).toBe(true);
  });

  it('takes one example in a million, and small units, for a difference', () => {
    expect(isAtLeastAsGood(accuracy, 1 - 1e-6, 1)).toBe(false);
    expect(isAtLeastAsGood(rmse, 1.000001e-30, 1e-30)).toBe(false);
    // What is left of a correlation of nothing with nothing is rounding.
    expect(isAtLeastAsGood(pearson, -1e-17, 1e-17)).toBe(true);
  });
});

describe('metrics of counts', () => {
  const classes = 3;
  const labels = Int32Array.from({ length: 30 }, (_, i) => Math.floor(i / 10));
  /** The first `hits[c]` examples of class c are right; the rest are taken for the next class. */
  const withHits = (hits: readonly number[]) => ({
    classes: labels.map((label, i) => (i % 10 < hits[label] ? label : (label + 1) % classes)),
  });

  it('tie where their fractions do, though sums of floats would not', () => {
    const value = (hits: readonly number[]) =>
      METRICS['balanced-accuracy'].value({ labels, classes }, withHits(hits));
    expect(0.1 + 0.2 + 0).not.toBe(0.3 + 0 + 0);
    expect(value([1, 2, 0])).toBe(value([3, 0, 0]));
    expect(value([1, 2, 0])).toBe(0.1);
  });

  it('do not depend on which class is which', () => {
    const hits = [3, 7, 1];
    const found = withHits(hits).classes;
    const turned = { labels: labels.map((label) => (label + 1) % classes), classes };
    for (const name of ['balanced-accuracy', 'macro-f1', 'weighted-f1', 'micro-f1'] as const) {
      expect(METRICS[name].value(turned, { classes: found.map((c) => (c + 1) % classes) }), name).toBe(
        METRICS[name].value({ labels, classes }, { classes: found }),
      );
    }
  });
});
