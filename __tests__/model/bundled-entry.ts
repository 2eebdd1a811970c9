/** What `bundle.test.ts` bundles: opens a model and prints its engine and its output on the fixture. */
import { readFileSync } from 'node:fs';

import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { loadModel } from '../../src/model/load-model.ts';

const [folder, path, threads] = process.argv.slice(2);
const { columns } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
  columns: Record<string, { shape: number[]; values: number[] }>;
};
const options = { logger: silentLogger, threads: Number(threads) };
const candidate = { kind: 'model', path, engine: 'auto' } as const;
const { loaded } = await loadModel(candidate, openWorkspace(folder), options);
const feeds = loaded.inputs.map(({ name, shape }) => {
  const { values } = columns[name];
  const rows = columns[name].shape[0];
  return [name, { shape: shape!.map((size) => size ?? rows), values: Float32Array.from(values) }] as const;
});
const { fused } = await loaded.run(Object.fromEntries(feeds), ['fused']);
const { engine } = loaded;
await loaded.close();
console.log(JSON.stringify({ engine, fused: [...fused.values] }));
