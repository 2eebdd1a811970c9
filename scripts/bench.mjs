import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

// Bundled beside its source, so that it finds the NumPy script there and packages as the source does.
const bench = join(import.meta.dirname, '..', 'bench');
const folder = await mkdtemp(join(bench, '.bundle-'));
try {
  const outfile = join(folder, 'cached-experts.mjs');
  await build({
    entryPoints: [join(bench, 'cached-experts.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.dirname': JSON.stringify(bench) },
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
