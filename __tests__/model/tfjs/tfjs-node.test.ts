import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLogger } from '../../../src/foundation/logger.ts';
import { openWorkspace } from '../../../src/foundation/workspace.ts';
import { freezeModel } from '../../../src/model/freeze-model.ts';
import { loadModel } from '../../../src/model/load-model.ts';
import type { EngineName } from '../../../src/model/load-request.ts';
import { dataWith, distance, expected, folder, gateOf, shuffled } from '../fusion-fixture.ts';

const installed = createRequire(import.meta.url);
const library = (name: string) => JSON.stringify(installed.resolve(`@tensorflow/${name}`));

/**
 * A stand-in for `@tensorflow/tfjs-node` 4.22, whose 150 MB of native code the tests do without: the same namespace over
 * the plain backend under the native one's name, and like it in need of what Node 23 removed from `node:util`.
 */
const STAND_IN = `
const util = require('node:util');
if (!util.isNullOrUndefined(null) || !util.isArray([])) throw new Error('no util');
const core = require(${library('tfjs-core')});
const { MathBackendCPU } = require(${library('tfjs-backend-cpu')});
const { loadLayersModel } = require(${library('tfjs-layers')});
const { loadGraphModel } = require(${library('tfjs-converter')});
core.enableProdMode();
core.registerBackend('tensorflow', () => new MathBackendCPU());
for (const kernel of core.getKernelsForBackend('cpu')) core.registerKernel({ ...kernel, backendName: 'tensorflow' });
const tensor = (name, sizes) => [name, { name: 'serving_' + name, dtype: 'float32', shape: sizes.map((it) => ({ getSize: () => it })) }];
const signature = {
  inputs: Object.fromEntries([tensor('E_a', [-1, 3]), tensor('E_v', [-1, 2]), tensor('Q_a', [-1]), tensor('Q_v', [-1])]),
  outputs: Object.fromEntries([tensor('fused', [-1, 3])]),
};
const node = {
  getMetaGraphsFromSavedModel: async () => [{ tags: ['serve'], signatureDefs: { serving_default: signature } }],
  loadSavedModel: async (path) => {
    const graph = await loadGraphModel(require(path + '/stand-in.js')());
    return {
      predict: (inputs) => ({ fused: graph.execute(inputs, 'fused') }),
      dispose: () => graph.dispose(),
    };
  },
};
module.exports = { ...core, loadLayersModel, loadGraphModel, node, version: { 'tfjs-node': '4.22.0' } };
`;

/** What the stand-in reads in place of a saved_model.pb: the fixture's GraphModel. */
const STAND_IN_MODEL = `
const { readFileSync } = require('node:fs');
const model = JSON.parse(readFileSync(__dirname + '/model.json', 'utf8'));
const weightSpecs = model.weightsManifest[0].weights;
const { buffer } = new Uint8Array(readFileSync(__dirname + '/group1-shard1of1.bin'));
module.exports = () => ({ load: async () => ({ ...model, weightSpecs, weightData: buffer }) });
`;

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'tfjs-node-'));
  const home = join(place, 'node_modules/@tensorflow/tfjs-node');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'index.js'), STAND_IN);
  for (const name of ['graph', 'layers']) cpSync(folder + name, join(place, name), { recursive: true });
  cpSync(`${folder}graph`, join(place, 'saved'), { recursive: true });
  writeFileSync(join(place, 'saved/saved_model.pb'), '');
  writeFileSync(join(place, 'saved/stand-in.js'), STAND_IN_MODEL);
});
afterAll(() => {
  rmSync(place, { recursive: true });
});

describe('tfjs-node, where it is installed,', () => {
  it.each([
    ['a GraphModel', 'graph/model.json', 'auto'],
    ['a GraphModel that asks for it', 'graph/model.json', 'tfjs-node'],
    ['a LayersModel', 'layers/model.json', 'auto'],
    ['a SavedModel folder', 'saved', 'auto'],
  ] as const)('runs %s', async (_, path, engine: EngineName) => {
    const options = { logger: silentLogger, packages: place };
    const { loaded, sha256 } = await loadModel(
      { kind: 'model', path, engine },
      openWorkspace(place),
      options,
    );
    const gate = gateOf(path, { output: { tensor: 'fused' } });
    const fusion = await freezeModel(gate, dataWith(), loaded, silentLogger);
    expect(fusion.engine).toBe('tfjs-node 4.22.0 (tensorflow)');
    expect(distance(fusion.original, expected.fused)).toBeLessThan(1e-6);
    expect(distance(await fusion.replay(shuffled(fusion.reliability)), expected.shuffled)).toBeLessThan(1e-6);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    await fusion.close();
  });
});
