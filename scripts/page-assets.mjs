// What the trend page carries: its script with uPlot, and its style, as a source file that the bundle and the tests load as any
// other.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'src/history/trend-page');

/** Packages whose code is inside. */
export const PAGE_PACKAGES = ['uplot'];

/** @returns {Promise<[string, string]>} path of the file to be made, and what it should hold */
export async function pageAssets() {
  const [script, style] = await Promise.all(['browser/main.ts', 'style.css'].map(bundled));
  const lines = [
    '// Made of browser/ and style.css by npm run assemble.',
    `export const PAGE_SCRIPT = ${JSON.stringify(script)};`,
    `export const PAGE_STYLE = ${JSON.stringify(style)};`,
    '',
  ];
  return [join(PAGE, 'browser.assets.ts'), lines.join('\n')];
}

/** A copy of the page carries the notice of what is in it: the first comment of the library's file. */
async function notice() {
  const source = await readFile(join(ROOT, 'node_modules/uplot/dist/uPlot.esm.js'), 'utf8');
  return source.slice(0, source.indexOf('*/') + 2).replace('/**', '/*!');
}

async function bundled(source) {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, source)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    banner: { js: await notice() },
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
}
