import { describe, expect, it } from 'vitest';

import { openNpz } from '../../src/evaluation-set/npz.ts';
import { asExpected, expected, fixtures } from './fixtures.ts';

const FILES = ['stored.npz', 'deflated.npz', 'headers.npz', 'pickled.npz'];

describe.each(FILES)('openNpz on %s', (file) => {
  it('lists the arrays that NumPy wrote, with their shapes', async () => {
    const { arrays } = await openNpz(file, fixtures, 'evaluation set');
    const listed = Object.fromEntries(arrays.map(({ name, shape }) => [name, shape]));
    // An array of lists has more axes than its header says: they show when it is read.
    const stored = Object.entries(expected[file]).map(([name, { shape }]) => [
      name,
      name.startsWith('vectors') ? shape.slice(0, 1) : shape,
    ]);
    expect(listed).toEqual(Object.fromEntries(stored));
  });

  it.each(Object.keys(expected[file]))('reads %s as NumPy does', async (name) => {
    const { read } = await openNpz(file, fixtures, 'evaluation set');
    expect(asExpected(await read(name))).toEqual(expected[file][name]);
  });
});

describe('openNpz', () => {
  it('keeps the types that hold a number as it is, and calls them what NumPy calls them', async () => {
    const { read } = await openNpz('stored.npz', fixtures, 'evaluation set');
    const types = {
      bool_little: ['bool', Uint8Array],
      int8_big: ['int8', Int8Array],
      uint16_big: ['uint16', Uint16Array],
      int32_little: ['int32', Int32Array],
      uint32_big: ['uint32', Uint32Array],
      int64_little: ['int64', Float64Array],
      float16_big: ['float16', Float32Array],
      float32_big: ['float32', Float32Array],
      float64_little: ['float64', Float64Array],
    } as const;
    for (const [name, [dtype, type]] of Object.entries(types)) {
      const column = await read(name);
      expect(column.dtype).toBe(dtype);
      expect(column.values).toBeInstanceOf(type);
    }
    expect((await read('unicode')).dtype).toBe('<U5');
    expect((await read('object')).dtype).toBe('object');
  });

  it('lists an array that it cannot read, and reads the others', async () => {
    const { arrays, read } = await openNpz('set.npz', fixtures, 'evaluation set');
    expect(arrays.find(({ name }) => name === 'meta')).toEqual({ name: 'meta', dtype: 'object', shape: [] });
    expect((await read('classes')).values).toEqual(['cat', 'dog']);
    expect(await read('threshold')).toMatchObject({ shape: [], values: Float64Array.of(0.5) });
  });
});
