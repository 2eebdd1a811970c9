import { describe, expect, it } from 'vitest';

import { exitStatus, severity, worst } from '../../src/report/conclusion.ts';

describe('worst', () => {
  it.each([
    [['success', 'success'], 'success'],
    [['success', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'failure', 'success'], 'failure'],
    [['failure', 'error', 'inconclusive'], 'error'],
  ] as const)('of %j is %s', (conclusions, expected) => {
    expect(worst(conclusions)).toBe(expected);
  });

  it('of no gate at all is an error: nothing was judged, so nothing passed', () => {
    expect(worst([])).toBe('error');
  });
});

describe('exitStatus', () => {
  it.each([
    ['success', 0],
    ['inconclusive', 0],
    ['failure', 1],
    ['error', 2],
  ] as const)('of %s is %i', (conclusion, status) => {
    expect(exitStatus(conclusion)).toBe(status);
  });
});

it('puts an error above a failure', () => {
  expect(severity('error')).toBeGreaterThan(severity('failure'));
});
