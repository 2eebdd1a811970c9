import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { CERTIFICATE, file, type FileServer, serveFiles, sha256 } from './file-server.ts';

const run = promisify(execFile);

let place: string;
let server: FileServer;
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'processes-')));
});
afterEach(async () => {
  rmSync(place, { recursive: true });
  await server.close();
});

it('processes that share a cache each find the whole file there, and later ones ask for nothing', async () => {
  const program = join(place, 'download.mjs');
  await build({
    entryPoints: [new URL('bundled-download.ts', import.meta.url).pathname],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const content = Buffer.alloc(3_000_000, 'the bytes of a model ');
  server = await serveFiles({ '/m.onnx': file(content) });
  const cache = join(place, 'cache');
  const env = { PATH: process.env.PATH, FUSION_GATE_CACHE: cache, NODE_EXTRA_CA_CERTS: CERTIFICATE };
  const start = async () => {
    const args = [program, `${server.origin}/m.onnx`, sha256(content)];
    return (await run(process.execPath, args, { env, timeout: 30_000 })).stdout;
  };
  const kept = join(cache, sha256(content));
  expect(await Promise.all([start(), start(), start()])).toEqual([kept, kept, kept]);
  expect(readdirSync(cache)).toEqual([sha256(content)]);
  const asked = server.requests.length;
  expect(await start()).toBe(kept);
  expect(server.requests).toHaveLength(asked);
});
