import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { npzBytes } from '../../src/evaluation-set/npz-bytes.ts';
import { openNpz } from '../../src/evaluation-set/npz.ts';
import { withZipArchive } from '../../src/evaluation-set/zip-archive.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { fixtures } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'npz-bytes-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function npyOf(file: string, name: string): Promise<Buffer> {
  return withZipArchive(file, file, (archive) => archive.body(archive.entries.get(`${name}.npy`)!));
}

describe('npzBytes', () => {
  it.each(['float64_little', 'unicode', 'scalar'])('writes %s as NumPy did, byte for byte', async (name) => {
    const { read, arrays } = await openNpz('stored.npz', fixtures, 'test');
    const { shape } = arrays.find((array) => array.name === name)!;
    const column = await read(name);
    const values = column.kind === 'text' ? column.values : Float64Array.from(column.values);
    const ours = join(folder, `${name}.npz`);
    writeFileSync(ours, Buffer.concat(npzBytes([{ name, shape, values }])));
    const theirs = join(fixtures.root, 'stored.npz');
    expect((await npyOf(ours, name)).equals(await npyOf(theirs, name))).toBe(true);
  });

  it('writes several arrays that are read as they were', async () => {
    const numbers = Float64Array.of(1, NaN, -Infinity, 2 ** -1074, 5, 6);
    const text = ['', 'é', '😀b'];
    writeFileSync(
      join(folder, 'several.npz'),
      Buffer.concat(
        npzBytes([
          { name: 'numbers', shape: [2, 3], values: numbers },
          { name: 'text', shape: [3], values: text },
          { name: 'none', shape: [0], values: [] },
        ]),
      ),
    );
    const { read } = await openNpz('several.npz', openWorkspace(folder), 'test');
    expect(await read('numbers')).toMatchObject({ shape: [2, 3], values: numbers });
    expect(await read('text')).toMatchObject({ shape: [3], values: text });
    expect(await read('none')).toMatchObject({ shape: [0], values: [] });
  });
});
