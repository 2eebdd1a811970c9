import { describe, expect, it } from 'vitest';

import type { AnyMetric, Metric, Need } from '../../../src/diagnostic/metrics/metric.ts';
import { METRICS } from '../../../src/diagnostic/metrics/metric-table.ts';
import { weightedMean } from '../../../src/diagnostic/metrics/mean-of-examples.ts';
import { randomFor } from '../../../src/diagnostic/random.ts';
import { CASES, inputsOf, rowCount, takeRows, valueOf, type MetricCase } from './metric-cases.ts';

const ALL: readonly AnyMetric[] = Object.values(METRICS);
/** Functions of counts, or of order alone: equal to the last bit whatever the order of the rows. */
const EXACT = new Set([
  ...['accuracy', 'balanced-accuracy', 'macro-f1', 'micro-f1', 'weighted-f1'],
  ...['auroc', 'average-precision', 'top-2-accuracy', 'top-3-accuracy', 'top-5-accuracy'],
  ...['acc-2-with-zero', 'acc-2-without-zero', 'acc-7'],
  ...['multi-label-macro-f1', 'multi-label-micro-f1', 'multi-label-weighted-f1'],
  ...['subset-accuracy', 'multi-label-macro-auroc', 'multi-label-micro-auroc'],
  ...['multi-label-macro-average-precision', 'multi-label-micro-average-precision'],
]);

const metricsOf = (of: MetricCase) => ALL.filter(({ needs }) => needs === of.needs);
const distance = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b));

/** Agreement to 1e-12, relative to 1 or to the larger number; null only with null. */
function expectSame(found: number | null, expected: number | null, what: string): void {
  if (expected === null || found === null) {
    expect(found, what).toBe(expected);
    return;
  }
  expect(distance(found, expected), `${what}: ${found}, not ${expected}`).toBeLessThan(1e-12);
}

describe('METRICS', () => {
  it.each(CASES)('are those of scikit-learn, SciPy and NumPy: $needs, $name', (of) => {
    const metrics = metricsOf(of);
    expect(metrics.map(({ name }) => name).sort()).toEqual(Object.keys(of.expected).sort());
    for (const metric of metrics) {
      expectSame(valueOf(metric, of), of.expected[metric.name] ?? null, metric.name);
    }
  });

  it('are compared on numbers and on nulls', () => {
    const nulls = ALL.filter(({ name }) => CASES.some(({ expected }) => expected[name] === null));
    expect(nulls.map(({ name }) => name).sort()).toEqual(
      ALL.filter(({ undefinedWhere }) => undefinedWhere !== undefined)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { name } of ALL) {
      const values = CASES.map(({ expected }) => expected[name]).filter((value) => typeof value === 'number');
      expect(new Set(values).size, name).toBeGreaterThan(3);
    }
  });

  it('stay in their range', () => {
    for (const of of CASES) {
      for (const metric of metricsOf(of)) {
        const value = valueOf(metric, of);
        if (value === null) continue;
        expect(value, metric.name).toBeGreaterThanOrEqual(metric.range[0]);
        expect(value, metric.name).toBeLessThanOrEqual(metric.range[1]);
      }
    }
  });

  it('do not see the order of the rows', () => {
    const random = randomFor('order');
    for (const of of CASES) {
      const order = Array.from({ length: rowCount(of) }, (_, i) => [random(), i])
        .sort(([a], [b]) => a - b)
        .map(([, i]) => i);
      for (const metric of metricsOf(of)) {
        const [before, after] = [valueOf(metric, of), valueOf(metric, takeRows(of, order))];
        if (EXACT.has(metric.name) && (of.weights ?? []).every(Number.isInteger)) {
          expect(after, metric.name).toBe(before);
        } else expectSame(after, before, metric.name);
      }
    }
  });

  it('take weights of 1 for no weights', () => {
    for (const of of CASES.filter(({ weights }) => weights === null)) {
      const weighted = { ...of, weights: Array.from({ length: rowCount(of) }, () => 1) };
      for (const metric of metricsOf(of)) {
        expect(valueOf(metric, weighted), metric.name).toBe(valueOf(metric, of));
      }
    }
  });

  it('take a whole weight for so many copies of the row', () => {
    const random = randomFor('copies');
    for (const of of CASES) {
      const rows = Array.from({ length: rowCount(of) }, (_, i) => i);
      const weights = rows.map(() => Math.floor(random() * 4));
      const copies = rows.flatMap((row) => Array.from({ length: weights[row] }, () => row));
      // R² asks for two rows, as scikit-learn does: one of weight 2 is not enough.
      if (new Set(copies).size < 2) continue;
      for (const metric of metricsOf(of)) {
        const weighted = valueOf(metric, { ...of, weights });
        const copied = valueOf(metric, takeRows(of, copies, null));
        if (EXACT.has(metric.name)) expect(weighted, `${metric.name} of ${of.name}`).toBe(copied);
        else expectSame(weighted, copied, `${metric.name} of ${of.name}`);
      }
    }
  });

  it('do not see the unit of the weights', () => {
    for (const of of CASES) {
      const weights = (of.weights ?? Array.from({ length: rowCount(of) }, () => 1)).map((w) => w * 0.3);
      for (const metric of metricsOf(of)) {
        expectSame(valueOf(metric, { ...of, weights }), valueOf(metric, of), metric.name);
      }
    }
  });

  it('are null where no example has weight', () => {
    for (const of of CASES) {
      const weights = Array.from({ length: rowCount(of) }, () => 0);
      for (const metric of metricsOf(of)) expect(valueOf(metric, { ...of, weights }), metric.name).toBeNull();
    }
    expect(
      METRICS.accuracy.value({ labels: new Int32Array(0), classes: 2 }, { classes: new Int32Array(0) }),
    ).toBe(null);
  });

  it('measure again and again with the same scratch space', () => {
    const check = <N extends Need>(metric: Metric<N>, cases: readonly MetricCase[]) => {
      const [targets] = inputsOf(metric, cases[0]);
      const measure = metric.prepare(targets);
      for (const of of [...cases, ...cases]) {
        const weights = of.weights ? Float64Array.from(of.weights) : undefined;
        expect(measure(inputsOf(metric, of)[1], weights), metric.name).toBe(
          valueOf(metric as unknown as AnyMetric, of),
        );
      }
    };
    // Three sets of predictions and weights for the same truth.
    for (const metric of ALL) {
      const first = CASES.find(({ needs }) => needs === metric.needs)!;
      const rows = Array.from({ length: rowCount(first) }, (_, i) => i);
      const backwards = { ...takeRows(first, rows.toReversed()), truth: first.truth };
      const weighted = { ...first, weights: rows.map((row) => row % 3) };
      check(metric as Metric<Need>, [first, backwards, weighted]);
    }
  });

  it('that are means give what each example adds', () => {
    const average = <N extends Need>({ perExample, ...metric }: Metric<N>, of: MetricCase) => {
      const [targets, predictions] = inputsOf({ ...metric, perExample }, of);
      const values = perExample!.contributions(targets, predictions, new Float64Array(rowCount(of)));
      const weights = of.weights ? Float64Array.from(of.weights) : undefined;
      if (perExample!.meanOver === 'examples') {
        return weightedMean(values, weights, perExample!.counted?.(targets));
      }
      const inClass = (c: number) => Uint8Array.from(of.truth, (label) => (label === c ? 1 : 0));
      const means = [...new Set(of.truth)]
        .map((c) => weightedMean(values, weights, inClass(c)))
        .filter((mean) => mean !== null);
      return means.reduce((sum, mean) => sum + mean, 0) / means.length;
    };
    const means = ALL.filter(({ perExample }) => perExample);
    expect(means.map(({ name }) => name)).toEqual([
      ...['accuracy', 'balanced-accuracy', 'log-loss', 'brier'],
      ...['top-2-accuracy', 'top-3-accuracy', 'top-5-accuracy', 'mae'],
      ...['acc-2-with-zero', 'acc-2-without-zero', 'acc-7'],
      ...['subset-accuracy', 'hamming-loss', 'multi-label-samples-f1', 'multi-label-samples-jaccard'],
    ]);
    for (const metric of means) {
      for (const of of CASES.filter(({ needs }) => needs === metric.needs)) {
        expectSame(average(metric as Metric<Need>, of), valueOf(metric, of), `${metric.name} of ${of.name}`);
      }
    }
  });

  it('cannot be given what they do not need', () => {
    const [labels, classes] = [Int32Array.of(0, 1), Int32Array.of(1, 1)];
    const values = Float64Array.of(0, 1);
    expect(METRICS.accuracy.value({ labels, classes: 2 }, { classes })).toBe(0.5);
    expect(METRICS.mae.value({ values }, { values })).toBe(0);
    // @ts-expect-error -- a regression metric has no classes
    expect(() => METRICS.mae.value({ labels, classes: 2 }, { classes })).toThrow(TypeError);
    // @ts-expect-error -- a metric of posteriors cannot do with classes
    expect(() => METRICS.brier.value({ labels, classes: 2 }, { classes })).toThrow(TypeError);
  });

  it.each([2 ** 1000, 2 ** -1000])('do not leave the range of a float for values of about %s', (unit) => {
    const of = CASES.find(({ needs, name }) => needs === 'values' && name.startsWith('24'))!;
    const scale = (values: readonly number[]) => values.map((value) => value * unit);
    const scaled = { ...of, truth: scale(of.truth), predictions: scale(of.predictions) };
    for (const name of ['r2', 'pearson', 'spearman', 'ccc'] as const) {
      expect(valueOf(METRICS[name], scaled), name).toBe(valueOf(METRICS[name], of));
    }
    expect(valueOf(METRICS.rmse, scaled)).toBe(valueOf(METRICS.rmse, of)! * unit);
  });
});
