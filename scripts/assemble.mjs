// npm run assemble: makes what stands between sources and other sources. Of every src/**/NAME.wat (WebAssembly as text) a NAME.wasm.ts beside it with the binary module, so
// that the bundle, the library and the tests load it as they load any other source; and of the trend page's parts what it carries.
import { Buffer } from 'node:buffer';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import startWabt from 'wabt';

import { pageAssets } from './page-assets.mjs';

const sources = fileURLToPath(new URL('../src', import.meta.url));

/** @returns {Promise<Map<string, string>>} path of each file to be made, to what it should hold */
export async function assembled() {
  const { parseWat } = await startWabt();
  const names = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.wat'));
  const made = new Map([await pageAssets()]);
  for (const name of names.sort()) {
    const path = join(sources, name);
    const { buffer } = parseWat(name, await readFile(path, 'utf8'), { simd: true }).toBinary({});
    made.set(path.replace(/\.wat$/u, '.wasm.ts'), moduleOf(basename(name), Buffer.from(buffer)));
  }
  return made;
}

function moduleOf(source, binary) {
  const lines = binary.toString('base64').match(/.{1,100}/gu);
  return [
    `// Made of ${source} by npm run assemble.`,
    'export default [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await assembled()) await writeFile(path, text);
}
