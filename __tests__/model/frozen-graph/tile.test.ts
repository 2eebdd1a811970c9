import { describe, expect, it } from 'vitest';

import { tile } from '../../../src/model/frozen-graph/tile.ts';

describe('examples over and over', () => {
  it('stand one set behind the other on the first axis', () => {
    const feed = { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const tiled = tile(feed, 3, 2);
    expect(tiled.shape).toEqual([6, 2]);
    expect([...tiled.values]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
  });

  it('stand so within each modality on the second axis', () => {
    const tiled = tile({ shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) }, 3, 2);
    expect(tiled.shape).toEqual([2, 6]);
    expect([...tiled.values]).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
  });

  it('are left as they are where a tensor has none', () => {
    const feed = { shape: [2], values: Float32Array.of(1, 2) };
    expect(tile(feed, 3, 2)).toBe(feed);
  });
});
