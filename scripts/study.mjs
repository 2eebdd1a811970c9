import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

// Bundled beside its source, so that it finds packages as the source does.
const study = join(import.meta.dirname, '..', 'study');
const folder = await mkdtemp(join(study, '.bundle-'));
const program = join(folder, 'study.mjs');
try {
  await build({
    entryPoints: [join(study, 'study.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.dirname': JSON.stringify(study) },
  });
  process.argv[1] = program;
  await import(pathToFileURL(program).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
