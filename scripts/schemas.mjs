// Makes schema/: JSON Schemas of the config file, of the report, of a shard and of a history, from the zod schemas that the program itself uses.
import { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { root } from './bundle.mjs';

const SCHEMAS = [
  {
    file: 'config.schema.json',
    source: 'src/config/schema.ts',
    name: 'configFile',
    title: 'fusion-gate configuration',
    // What a user writes: keys with a default may be left out.
    io: 'input',
  },
  {
    file: 'report.schema.json',
    source: 'src/report/report-schema.ts',
    name: 'reportSchema',
    title: 'fusion-gate report',
    io: 'output',
  },
  {
    file: 'shard.schema.json',
    source: 'src/shards/shard-schema.ts',
    name: 'shardSchema',
    title: 'fusion-gate shard',
    // As it stands in the file: the program reads lists of numbers into typed arrays.
    io: 'input',
  },
  {
    file: 'history.schema.json',
    source: 'src/history/record-schema.ts',
    name: 'historyRecord',
    title: 'fusion-gate history record',
    io: 'output',
  },
];

/** @param {string} outdir */
export async function writeSchemas(outdir) {
  await mkdir(outdir, { recursive: true });
  for (const { file, source, name, title, io } of SCHEMAS) {
    if (!existsSync(join(root, source))) continue;
    const { schema, z } = await load(
      `export { ${name} as schema } from './${source}'; export { z } from 'zod';`,
    );
    const { $schema, ...rest } = z.toJSONSchema(schema, { io });
    const text = JSON.stringify({ $schema, title, ...rest }, null, 2);
    await writeFile(join(outdir, file), `${text}\n`);
  }
}

/** Node 20 runs no TypeScript: the module is bundled in memory first. */
async function load(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
