// Makes dist/: the programs as ES modules, what they share as chunks beside them, and the files that the embedded
// engines load while they run. The same sources give the same bytes on every machine.
import { Buffer } from 'node:buffer';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { PAGE_PACKAGES } from './page-assets.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The doors, and the program of a thread, which src/parallel/draw-threads.ts starts by this name. */
const ENTRIES = {
  index: 'src/action.ts',
  comment: 'src/comment-action.ts',
  cli: 'src/cli.ts',
  worker: 'src/parallel/worker.ts',
};

/** Read by the engines at run time, by name, from the folder of the bundle: see src/model/engine-files.ts. */
const ENGINE_FILES = [
  'onnxruntime-web/dist/ort-wasm-simd-threaded.mjs',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
];

/** CommonJS packages inside an ES module still ask for these. */
const COMMONJS_NAMES = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/**
 * Bundles the programs into a folder, which is emptied first.
 *
 * @param {string} outdir
 * @param {Record<string, string>} entries output name to source, relative to the repository
 */
export async function bundle(outdir, entries = ENTRIES) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    // Engines stay in chunks of their own, loaded by the gates that need them.
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // The TensorFlow.js packages register their kernels only from their `module` files.
    mainFields: ['module', 'main'],
    conditions: ['node'],
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    define: { FUSION_GATE_VERSION: JSON.stringify(version) },
    banner: { js: COMMONJS_NAMES },
    legalComments: 'external',
    logLevel: 'warning',
  });
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const [notices, code] = partition(outputFiles, ({ path }) => path.endsWith('.LEGAL.txt'));
  for (const { path, contents } of code) {
    const isProgram = basename(path) === 'cli.js';
    await writeFile(path, isProgram ? withShebang(contents) : contents, { mode: isProgram ? 0o755 : 0o644 });
  }
  for (const file of ENGINE_FILES) {
    // Written, not copied: packages ship some as executable files.
    await writeFile(join(outdir, basename(file)), await readFile(join(root, 'node_modules', file)));
  }
  const embedded = [...ENGINE_FILES, ...PAGE_PACKAGES].map((file) => `node_modules/${file}`);
  const bundled = [...Object.keys(metafile.inputs), ...embedded];
  const comments = notices.map(({ text }) => text);
  await writeFile(join(outdir, 'licenses.txt'), await thirdPartyLicenses(root, bundled, comments));
  return code.map(({ path }) => relative(outdir, path));
}

function withShebang(contents) {
  const text = Buffer.from(contents).toString('utf8');
  return text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`;
}

function partition(items, test) {
  return [items.filter(test), items.filter((item) => !test(item))];
}
