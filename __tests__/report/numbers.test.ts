import { describe, expect, it } from 'vitest';

import { gap, interval, metric, percent, pValue, quantity } from '../../src/report/numbers.ts';

describe('gap', () => {
  it('has a sign, and a true minus', () => {
    expect([gap(0.0213), gap(-0.0008), gap(0)]).toEqual(['+0.0213', '−0.0008', '0.0000']);
  });

  it('has no sign where it rounds to zero', () => {
    expect([gap(0.00004), gap(-0.00004)]).toEqual(['0.0000', '0.0000']);
  });

  it('shows as many digits as it takes to see on which side of the threshold it lies', () => {
    expect(gap(0.00996, 0.01)).toBe('+0.00996');
    expect(gap(0.010004, 0.01)).toBe('+0.010004');
    expect(gap(-0.00996, 0.01)).toBe('−0.0100');
  });

  it('shows no more than that beside how far it may fall, or beside zero', () => {
    expect(gap(-0.130612345, -0.03)).toBe('−0.1306');
    expect(gap(-0.02996, -0.03)).toBe('−0.02996');
    expect(gap(-0.130612345, -0.0003)).toBe('−0.13061');
    expect([gap(0.130612345, 0), gap(-0.130612345, -0), gap(0.00001, 0)]).toEqual([
      '+0.1306',
      '−0.1306',
      '+0.00001',
    ]);
  });

  it('takes the last bits of a float for nothing', () => {
    expect(0.81 - 0.8).toBeGreaterThan(0.01);
    expect(gap(0.81 - 0.8, 0.01)).toBe('+0.0100');
  });
});

it('keeps an interval on one line', () => {
  expect(interval(-0.0061, 0.0045)).toBe('[−0.0061,\u00a0+0.0045]');
});

it('shows a p-value with four digits, and says when that is not enough', () => {
  expect([pValue(1 / 1001), pValue(1 / 100_001), pValue(1)]).toEqual(['0.0010', '<\u00a00.0001', '1.0000']);
});

it('shows on which side of alpha a p-value lies', () => {
  expect(pValue(0.05004, 0.05)).toBe('0.05004');
  expect(pValue(0.05, 0.05)).toBe('0.0500');
});

it('calls null n/a', () => {
  expect([metric(null), metric(0), metric(-0.0214)]).toEqual(['n/a', '0.0000', '−0.0214']);
});

it('writes shares and numbers of things', () => {
  expect([percent(0.0312), percent(0.25), quantity(1_000_000)]).toEqual([
    '3.1\u00a0%',
    '25\u00a0%',
    '1,000,000',
  ]);
});
