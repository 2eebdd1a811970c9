import { describe, expect, it } from 'vitest';

import { fromHalfBits, toHalfBits } from '../../src/model/half-float.ts';
import { expected } from './fusion-fixture.ts';

const { values, bits } = expected.half;

describe('half floats', () => {
  it.each(values.map((value, i) => [value, bits[i]]))('rounds %d as NumPy does', (value, wanted) => {
    expect(toHalfBits(value)).toBe(wanted);
  });

  it('rounds what is beyond the largest one to infinity, and keeps NaN', () => {
    expect(fromHalfBits(toHalfBits(65520))).toBe(Infinity);
    expect(fromHalfBits(toHalfBits(-1e9))).toBe(-Infinity);
    expect(fromHalfBits(toHalfBits(NaN))).toBeNaN();
  });

  it('reads back all 65,536 patterns as it wrote them', () => {
    for (let pattern = 0; pattern < 0x10000; pattern++) {
      const value = fromHalfBits(pattern);
      if (!Number.isNaN(value)) expect(toHalfBits(value)).toBe(pattern);
    }
  });
});
