import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

// Bundled beside its source, so that it finds the Python scripts there and packages as the source does.
const bench = join(import.meta.dirname, '..', 'bench');
const folder = await mkdtemp(join(bench, '.bundle-'));
try {
  await build({
    entryPoints: ['bench.ts', 'one-task.ts'].map((name) => join(bench, name)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.dirname': JSON.stringify(bench) },
  });
  process.env.BENCH_BUNDLE = folder;
  await import(pathToFileURL(join(folder, 'bench.mjs')).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
