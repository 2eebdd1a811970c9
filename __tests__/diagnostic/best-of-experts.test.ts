import { describe, expect, it } from 'vitest';

import { appraise } from '../../src/diagnostic/appraisal.ts';
import { expectedLeast, headroomByExample } from '../../src/diagnostic/best-of-experts.ts';
import { targetsOf } from '../../src/diagnostic/examples.ts';
import { said } from '../../src/diagnostic/gauge.ts';
import { movementFrom } from '../../src/diagnostic/movement.ts';
import type { ExpertOutput } from '../../src/model/frozen-fusion.ts';

const floats = (...values: number[]) => Float64Array.from(values);
const expert = (...values: number[]): ExpertOutput => ({
  classes: new Int32Array(values.length),
  values: floats(...values),
});

/** Of every way to take one value from each column. */
function leastOfAll(columns: readonly Float64Array[]): number {
  const ways = columns.reduce<number[]>(
    (leasts, column) => leasts.flatMap((least) => [...column].map((value) => Math.min(least, value))),
    [Infinity],
  );
  return ways.reduce((sum, value) => sum + value, 0) / ways.length;
}

describe('expectedLeast', () => {
  it.each([
    ['one column', [floats(3, 1, 2)]],
    ['two', [floats(0.5, 0.1, 0.9), floats(0.4, 0.2, 0.8)]],
    ['three with ties', [floats(1, 1, 2, 0), floats(1, 3, 3, 0), floats(2, 1, 0, 0)]],
    ['negative ones', [floats(-1, -0.5, 2), floats(-3, 4, 0)]],
    ['constant ones', [floats(2, 2), floats(2, 2)]],
  ])('is the mean over all ways to take a value from each of %s', (_, columns) => {
    expect(expectedLeast(columns)).toBeCloseTo(leastOfAll(columns), 12);
  });
});

describe('headroomByExample', () => {
  const targets = targetsOf({ values: floats(0, 0, 1, -1) }, 1);
  const experts = [expert(1, 0.5, 1, 2), expert(-0.25, 3, 1.5, -1)].map(said);

  it('is of the nearest expert of each example', () => {
    // Nearest errors are 0.25, 0.5, 0 and 0.
    expect(headroomByExample('mae', targets, experts, 0.5)).toMatchObject({ oracle: 0.1875, value: 0.3125 });
    const square = (0.25 ** 2 + 0.5 ** 2) / 4;
    expect(headroomByExample('rmse', targets, experts, 1)!.oracle).toBeCloseTo(Math.sqrt(square), 12);
    expect(headroomByExample('r2', targets, experts, 0)!.oracle).toBeCloseTo(1 - square / 0.5, 12);
  });

  it('is not known by a correlation, or where there is no variance to explain', () => {
    for (const name of ['pearson', 'spearman', 'ccc'] as const) {
      expect(headroomByExample(name, targets, experts, 0)).toBeNull();
    }
    expect(headroomByExample('r2', targetsOf({ values: floats(1, 1, 1, 1) }, 1), experts, 0)).toBeNull();
  });
});

describe('an appraisal of experts on values', () => {
  it('trusts the nearest one, several on ties', () => {
    const targets = targetsOf({ values: floats(0, 1, 2) }, 1);
    const [first, second] = appraise([expert(0.5, 1, 0), expert(-0.5, 3, 2.5)], targets);
    expect([...first.merit]).toEqual([-0.5, -0, -2]);
    expect([...second.merit]).toEqual([-0.5, -2, -0.5]);
    expect([...first.isTrusted]).toEqual([1, 1, 0]);
    expect([...second.isTrusted]).toEqual([1, 0, 1]);
  });
});

describe('movement', () => {
  const of = (tolerance: number) =>
    movementFrom(said(expert(1, 2, 4)), { decision: { kind: 'value', classes: 1 }, tolerance })!;

  it('is how far values are from those of Clean-Q', () => {
    expect(of(0)(said(expert(1, 2.5, 3)))).toEqual({ changed: 2, distance: 0.5 });
  });

  it('leaves to the engine what its arithmetic may leave', () => {
    expect(of(0.5)(said(expert(1, 2.5, 3))).changed).toBe(1);
    expect(of(0)(said(expert(1, 2 + 1e-15, 4))).changed).toBe(0);
  });

  it('is nothing that classes do', () => {
    expect(
      movementFrom(said(expert()), { decision: { kind: 'logits', classes: 2 }, tolerance: 0 }),
    ).toBeUndefined();
  });
});
