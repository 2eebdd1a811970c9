import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { distance, expected, folder } from './fusion-fixture.ts';

const run = promisify(execFile);

/** scripts/ is plain JavaScript, which is not part of the TypeScript project. */
interface BundleScript {
  readonly bundle: (outdir: string, entries: Record<string, string>) => Promise<string[]>;
}
const SCRIPT = '../../scripts/bundle.mjs';
const ENTRY = { cli: '__tests__/model/bundled-entry.ts' };

let place: string;
let bundle: BundleScript['bundle'];
beforeAll(async () => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'bundle-')));
  ({ bundle } = (await import(SCRIPT)) as BundleScript);
  await bundle(join(place, 'dist'), ENTRY);
});
afterAll(() => {
  rmSync(place, { recursive: true });
});

const textOf = (file: string) => readFileSync(join(place, 'dist', file), 'utf8');

/** A file of the bundle and all that is loaded with it at once. */
function staticallyImported(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, name] of textOf(file).matchAll(/\bimport(?:\{[^}]*\}from|[\w*, ]+from)?"\.\/([^"]+)"/g)) {
    staticallyImported(name, found);
  }
  return found;
}

describe('the bundle, with no node_modules in reach and from another folder,', () => {
  it.each([
    ['single.onnx', 1, 'onnxruntime-web 1.30.0 (wasm, 1 thread)'],
    ['single.onnx', 2, 'onnxruntime-web 1.30.0 (wasm, 2 threads)'],
    ['graph/model.json', 1, 'tfjs 4.22.0 (wasm)'],
    ['einsum/model.json', 1, 'tfjs 4.22.0 (cpu)'],
  ])('runs %s on %d threads and ends by itself, silent but for the answer', async (path, threads, engine) => {
    const program = [join(place, 'dist/cli.js'), folder, path, String(threads)];
    const { stdout, stderr } = await run(process.execPath, program, { cwd: place, timeout: 30_000 });
    const answer = JSON.parse(stdout) as { engine: string; fused: number[] };
    expect(answer.engine).toBe(engine);
    expect(distance(answer.fused, expected.fused)).toBeLessThan(1e-6);
    expect(stderr).toBe('');
  });

  it('is the same, byte for byte, when it is built again', async () => {
    await bundle(join(place, 'again'), ENTRY);
    const [first, second] = ['dist', 'again'].map((name) => readdirSync(join(place, name)).sort());
    expect(second).toEqual(first);
    for (const file of first) {
      const [one, other] = ['dist', 'again'].map((name) => readFileSync(join(place, name, file)));
      expect(one.equals(other), file).toBe(true);
    }
  });

  it('starts without its engines: they are chunks that a gate loads when it needs them', () => {
    const eager = [...staticallyImported('cli.js')].map(textOf).join('\n');
    expect(staticallyImported('cli.js').size).toBeGreaterThan(1);
    expect(eager).toContain('is of a type that is not known');
    for (const engine of ['ort-wasm-simd-threaded', 'registerKernel', 'InferenceSession'])
      expect(eager).not.toContain(engine);
  });

  it('carries the licenses of what is inside', () => {
    const text = readFileSync(join(place, 'dist/licenses.txt'), 'utf8');
    for (const name of ['onnxruntime-web 1.30.0', '@tensorflow/tfjs-core 4.22.0', 'zod ']) {
      expect(text).toContain(`\n${name}`);
    }
    expect(text).toContain('Copyright (c) Microsoft Corporation.');
    expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  });
});
