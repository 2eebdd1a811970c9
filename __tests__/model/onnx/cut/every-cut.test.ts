import { readdirSync, readFileSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import { ConfigurationError } from '../../../../src/foundation/errors.ts';
import type { CutModel, Feed, LoadedModel } from '../../../../src/model/loaded-model.ts';
import { indexGraph } from '../../../../src/model/onnx/cut/graph-index.ts';
import { distance, folder, load } from '../../fusion-fixture.ts';

/** Made by fixtures/model/inside/make.py. */
const data = JSON.parse(readFileSync(`${folder}inside/expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
  /** By model: what can be no reliability, by the graph as the onnx package reads it. */
  readonly refused: Record<string, string[]>;
};
const ROWS = data.audio.length / 6;
const feeds = {
  audio: { shape: [ROWS, 6], values: Float32Array.from(data.audio) },
  video: { shape: [ROWS, 5], values: Float32Array.from(data.video) },
};
const models = readdirSync(`${folder}inside`).filter((name) => name.endsWith('.onnx'));

/** Cuts through what onnxruntime-node merges (a layer norm, a transposed product): without optimisations they are exact. */
const MERGED: Readonly<Record<string, string[]>> = {
  'attention-dressed.onnx': ['transpose'],
  'attention-dynamo.onnx': ['transpose'],
  'attention-script.onnx': [
    '/Transpose_output_0',
    '/head/head.0/ReduceMean_output_0',
    '/head/head.0/Sub_output_0',
    '/head/head.0/Pow_output_0',
    '/head/head.0/ReduceMean_1_output_0',
    '/head/head.0/Add_output_0',
    '/head/head.0/Sqrt_output_0',
    '/head/head.0/Div_output_0',
    '/head/head.0/Mul_output_0',
  ],
};

const opened: LoadedModel[] = [];
const open = async (name: string, engine: 'onnxruntime-node' | 'onnxruntime-web') => {
  const loaded = await load(`inside/${name}`, engine);
  opened.push(loaded);
  return loaded;
};
afterAll(async () => {
  for (const loaded of opened) await loaded.close();
});

const cutAt = (loaded: LoadedModel, score: string, plain = false): Promise<CutModel> =>
  loaded.cut!({ scores: [score], output: 'fused', kept: [], plain });

/** How far the traced model and the suffix are from the whole, relative to its largest output. */
async function error({ whole, traced, suffix }: CutModel): Promise<number> {
  const wanted = (await whole.run(feeds, ['fused'])).fused.values;
  const own = (part: LoadedModel, all: Record<string, Feed>) =>
    Object.fromEntries(part.inputs.map(({ name }) => [name, all[name]]));
  const names = traced.outputs.map(({ name }) => name);
  const trace = await traced.run(own(traced, feeds), names);
  const found = (await suffix.run(own(suffix, { ...feeds, ...trace }), ['fused'])).fused.values;
  const furthest = Math.max(distance(trace.fused.values, wanted), distance(found, wanted));
  return furthest / distance(wanted, new Float32Array(wanted.length));
}

describe.each(models)('%s, cut at each of its tensors', (name) => {
  const tensors = [...indexGraph(readFileSync(`${folder}inside/${name}`)).writer.keys()];
  const able = tensors.filter((tensor) => !data.refused[name].includes(tensor));

  it('is refused at the output, and at what is the same for every example', async () => {
    const native = await open(name, 'onnxruntime-node');
    expect(able.length).toBeGreaterThan(6);
    for (const tensor of data.refused[name]) {
      await expect(cutAt(native, tensor), tensor).rejects.toBeInstanceOf(ConfigurationError);
    }
  });

  it('is itself on the native engine, bit for bit', async () => {
    const native = await open(name, 'onnxruntime-node');
    const merged: string[] = [];
    for (const tensor of able) {
      if ((await error(await cutAt(native, tensor))) === 0) continue;
      merged.push(tensor);
      expect(await error(await cutAt(native, tensor, true)), tensor).toBe(0);
    }
    expect(merged).toEqual(MERGED[name] ?? []);
  });

  it('is itself on the embedded engine, but for rounding', async () => {
    const embedded = await open(name, 'onnxruntime-web');
    for (const tensor of able) expect(await error(await cutAt(embedded, tensor)), tensor).toBeLessThan(1e-6);
  });
});

describe.each(['onnxruntime-node', 'onnxruntime-web'] as const)('a float16 model on %s', (engine) => {
  const path = 'half/calibrated.onnx';
  const tensors = [...indexGraph(readFileSync(`${folder}inside/${path}`)).writer.keys()];
  const able = tensors.filter((tensor) => tensor !== 'fused');

  it('is itself in two parts, but for the rounding of float16', async () => {
    const loaded = await open(path, engine);
    expect(able.length).toBeGreaterThan(12);
    for (const tensor of able) {
      const cut = await cutAt(loaded, tensor);
      expect(cut.tolerance).toBe(2 ** -9);
      expect(await error(cut), tensor).toBeLessThan(cut.tolerance);
    }
  });
});
