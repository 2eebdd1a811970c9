import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { InputName } from '../../src/config/inputs.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { parseServerUrl } from '../../src/config/server-url.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hosts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The candidate of a gate that a config file describes. */
async function candidate(
  keys: string,
  allowHosts?: string,
  inputs: Readonly<Partial<Record<InputName, string>>> = {},
) {
  const gate = `name: g, evaluation-set: e.npz, columns: { label: y }, modalities: { a: { reliability: q } }`;
  writeFileSync(join(folder, 'f.yml'), `gates: [{ ${gate}, ${keys} }]`);
  const { gates } = await readConfig({ config: 'f.yml', allowHosts, inputs }, openWorkspace(folder));
  return gates[0].candidate;
}

describe('a config file', () => {
  it.each([
    'http://localhost:8080/v2/models/m',
    'http://127.0.0.1/v2/models/m',
    'http://127.1/v2/models/m',
    'http://[::1]:9/v2/models/m/versions/2',
    'http://localhost/v2/models/m.onnx',
  ])('may name a server on this machine, which sees no token: %s', async (model) => {
    expect(await candidate(`model: "${model}"`)).toMatchObject({ path: model, server: { isTrusted: false } });
  });

  it.each([
    ['models.internal', 'http://models.internal:8080/v2/models/m'],
    ['MODELS.internal:8080', 'http://models.internal:8080/v2/models/m'],
    ['models.internal:443', 'https://models.internal/serving/v2/models/m'],
    ['a\n*', 'http://10.0.0.1/v2/models/m'],
    ['[fe80::1]:8000', 'http://[fe80::1]:8000/v2/models/m'],
    ['localhost', 'http://localhost:1/v2/models/m'],
  ])('may name %j where the workflow allows it', async (allowed, model) => {
    expect(await candidate(`model: "${model}"`, allowed)).toMatchObject({ server: { isTrusted: true } });
  });

  it('is overruled by the workflow, whose own word needs no allowance', async () => {
    const model = 'https://models.internal/v2/models/m';
    expect(await candidate('model: m.onnx', undefined, { model })).toMatchObject({
      path: model,
      server: { isTrusted: true, requestTimeout: 120, readyTimeout: 60, concurrency: 4 },
    });
    const head = 'http://localhost/v2/models/h';
    expect(await candidate(`model: m.onnx, head: "${head}"`, undefined, { model })).toMatchObject({
      path: model,
      head,
      server: { isTrusted: false },
    });
  });

  it('says how a server is asked', async () => {
    const wishes = 'server: { request-timeout: 0.5, ready-timeout: 9, concurrency: 2 }';
    expect(await candidate(`model: "http://localhost/v2/models/m", ${wishes}`)).toMatchObject({
      server: { requestTimeout: 0.5, readyTimeout: 9, concurrency: 2 },
    });
  });
});

it('an address says what is behind it', () => {
  expect(parseServerUrl('http://LOCALHOST:80/api/v2/models/a%20b/versions/3')).toEqual({
    origin: 'http://localhost',
    host: 'localhost',
    hostWithPort: 'localhost:80',
    isLoopback: true,
    root: 'http://localhost/api/v2',
    model: 'http://localhost/api/v2/models/a%20b/versions/3',
    name: 'a b',
    version: '3',
  });
});
