// npm run check-dist: fails when dist/ or schema/ is not what the sources build, byte for byte.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundle, root } from './bundle.mjs';
import { writeSchemas } from './schemas.mjs';

const MAKERS = { dist: bundle, schema: writeSchemas };

const fresh = await mkdtemp(join(tmpdir(), 'fusion-gate-'));
try {
  const differing = [];
  for (const [folder, make] of Object.entries(MAKERS)) {
    await make(join(fresh, folder));
    differing.push(...(await differences(folder)));
  }
  if (differing.length > 0) {
    console.error(
      `These files are not what the sources build:\n${differing.join('\n')}\nRun "npm run build" and commit them.`,
    );
    process.exitCode = 1;
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}

async function differences(folder) {
  const [committed, built] = await Promise.all([join(root, folder), join(fresh, folder)].map(contents));
  const names = [...new Set([...committed.keys(), ...built.keys()])].sort();
  return names.flatMap((name) => {
    const [mine, theirs] = [committed.get(name), built.get(name)];
    if (mine === undefined) return [`  ${folder}/${name} (missing)`];
    if (theirs === undefined) return [`  ${folder}/${name} (no longer made)`];
    return mine.equals(theirs) ? [] : [`  ${folder}/${name} (differs)`];
  });
}

/** @returns {Promise<Map<string, Buffer>>} file name to bytes */
async function contents(folder) {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(files.map(async ({ name }) => [name, await readFile(join(folder, name))])),
  );
}
