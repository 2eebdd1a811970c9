import { describe, expect, it } from 'vitest';

import { decide, posteriors, softmaxRows } from '../../src/model/decision.ts';

const floats = (...values: readonly number[]) => Float64Array.from(values);

describe('decide', () => {
  const classes = (...args: Parameters<typeof decide>) => [...decide(...args)];

  it('takes the largest output, the lowest class on ties', () => {
    const values = floats(1, 3, 2, 5, 5, 1, -1, -1, -1);
    expect(classes(values, 3, { kind: 'logits', classes: 3 })).toEqual([1, 0, 0]);
  });

  it('takes class 1 of a single column from one half on', () => {
    expect(classes(floats(0.5, 0.4999, 1), 1, { kind: 'probabilities', classes: 2 })).toEqual([1, 0, 1]);
    expect(classes(floats(0, -1e-9, 3), 1, { kind: 'logits', classes: 2 })).toEqual([1, 0, 1]);
    expect(classes(floats(0.5, 0.4999), 1, { kind: 'score', classes: 2 })).toEqual([1, 0]);
  });

  it('takes class 1 from the threshold on, on the scale of the output', () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const probabilities = [0.19, 0.21, 0.5];
    const expected = [0, 1, 1];
    const columns = (value: (p: number) => number[]) => floats(...probabilities.flatMap(value));
    expect(
      classes(
        columns((p) => [p]),
        1,
        { kind: 'probabilities', classes: 2, threshold: 0.2 },
      ),
    ).toEqual(expected);
    expect(
      classes(
        columns((p) => [logit(p)]),
        1,
        { kind: 'logits', classes: 2, threshold: 0.2 },
      ),
    ).toEqual(expected);
    expect(
      classes(
        columns((p) => [1 - p, p]),
        2,
        { kind: 'probabilities', classes: 2, threshold: 0.2 },
      ),
    ).toEqual(expected);
    expect(
      classes(
        columns((p) => [7, 7 + logit(p)]),
        2,
        { kind: 'logits', classes: 2, threshold: 0.2 },
      ),
    ).toEqual(expected);
    expect(classes(floats(-3, -2, 9), 1, { kind: 'score', classes: 2, threshold: -2 })).toEqual(expected);
  });
});

describe('posteriors', () => {
  it('widen a single column to two', () => {
    expect([...posteriors(floats(0.25), 1, 'probabilities')!]).toEqual([0.75, 0.25]);
    const [not, yes] = posteriors(floats(Math.log(3)), 1, 'logits')!;
    expect(yes).toBeCloseTo(0.75, 15);
    expect(not).toBeCloseTo(0.25, 15);
  });

  it('are a softmax of logits that neither overflows nor underflows', () => {
    expect([...softmaxRows(floats(1000, 1000, -1000, -1000), 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
    const [a, b] = posteriors(floats(Math.log(1), Math.log(3)), 2, 'logits')!;
    expect([a, b].map((value) => Number(value.toFixed(12)))).toEqual([0.25, 0.75]);
    expect([...posteriors(floats(-800, 800), 1, 'logits')!]).toEqual([1, 0, 0, 1]);
  });

  it('are unknown of a bare score', () => {
    expect(posteriors(floats(3), 1, 'score')).toBeUndefined();
  });
});
