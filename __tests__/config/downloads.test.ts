import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/read-config.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

const HASH = '0123456789abcdef'.repeat(4);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downloads-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function gate(keys: string, allowHosts?: string) {
  const head = `name: g, columns: { label: y }, modalities: { a: { reliability: q, expert: p } }`;
  writeFileSync(join(folder, 'f.yml'), `gates: [{ ${head}, ${keys} }]`);
  const { gates } = await readConfig({ config: 'f.yml', allowHosts }, openWorkspace(folder));
  return gates[0];
}

const file = (url: string, more = '') => `{ url: "${url}", sha256: ${HASH.toUpperCase()}${more} }`;

describe('a gate with downloads', () => {
  it('calls each by its address, without what may be a secret', async () => {
    const { candidate, evaluationSet, downloads } = await gate(
      `model: ${file('https://models.org/m.onnx?sig=s')}, evaluation-set: ${file('hf://datasets/o/r@v2/e.npz')}`,
      'models.org',
    );
    expect(candidate).toMatchObject({
      path: 'https://models.org/m.onnx',
      downloaded: ['https://models.org/m.onnx'],
    });
    expect(candidate).not.toHaveProperty('server');
    expect(evaluationSet).toBe('hf://datasets/o/r@v2/e.npz');
    expect(downloads).toEqual([
      {
        name: 'https://models.org/m.onnx',
        url: 'https://models.org/m.onnx?sig=s',
        sha256: HASH,
        role: 'model',
        path: ['model'],
      },
      {
        name: 'hf://datasets/o/r@v2/e.npz',
        url: 'hf://datasets/o/r@v2/e.npz',
        sha256: HASH,
        role: 'evaluation set',
        path: ['evaluation-set'],
      },
    ]);
  });

  it.each([
    ['', 'hf://o/r/dir/w.bin'],
    [', path: "./deep/weights.bin"', 'hf://o/r/dir/deep/weights.bin'],
  ])('has files where the model looks for them: %s', async (path, name) => {
    const beside = `{ url: "https://localhost:1/x/w.bin?s", sha256: ${HASH}${path} }`;
    const { downloads } = await gate(
      `model: ${file('hf://o/r/dir/m.onnx', `, files: [${beside}]`)}, evaluation-set: e.npz`,
    );
    expect(downloads?.[1]).toMatchObject({ name, url: 'https://localhost:1/x/w.bin?s', role: 'weight file' });
  });

  it('may have a head on a server, and only that one is a server', async () => {
    const { candidate } = await gate(
      `model: ${file('hf://o/r/v2/models/m.onnx')}, head: "http://localhost/v2/models/h", evaluation-set: e.npz`,
    );
    expect(candidate).toMatchObject({
      downloaded: ['hf://o/r/v2/models/m.onnx'],
      server: { isTrusted: false },
    });
  });

  it('may have router weights and a score bank from elsewhere', async () => {
    const { candidate, permutations } = await gate(
      `fusion: { rule: linear-router, weights: ${file('hf://o/r/w.npz')} }, evaluation-set: e.npz,
       permutations: { bank: { path: ${file('hf://o/r/b.npz')}, scores: { a: A } } }`,
    );
    expect(candidate).toMatchObject({ rule: { weights: 'hf://o/r/w.npz' } });
    expect(permutations.bank?.path).toBe('hf://o/r/b.npz');
  });

  it('is what it was where there are none', async () => {
    const plain = await gate('model: m.onnx, evaluation-set: e.npz');
    expect(plain).not.toHaveProperty('downloads');
    expect(plain.candidate).not.toHaveProperty('downloaded');
  });
});
