import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { ConfigurationError } from '../../../src/foundation/errors.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { openWorkspace } from '../../../src/foundation/workspace.ts';
import { loadModel } from '../../../src/model/load-model.ts';
import type { CutModel, Feed, LoadedModel } from '../../../src/model/loaded-model.ts';
import { distance, folder, load } from '../fusion-fixture.ts';
import { feeds, keras } from './keras-fixture.ts';

const opened = new Map<string, LoadedModel>();
afterAll(async () => {
  for (const loaded of opened.values()) await loaded.close();
});

const open = async (name: string): Promise<LoadedModel> => {
  const loaded = opened.get(name) ?? (await load(`keras/${name}/model.json`, 'tfjs'));
  opened.set(name, loaded);
  return loaded;
};

const cutAt = (loaded: LoadedModel, ...scores: string[]): Promise<CutModel> =>
  loaded.cut!({ scores, output: loaded.outputs[0].name, kept: [], plain: false });

/** How far the parts are from the whole, relative to its largest output: the traced one, and behind it the suffix. */
async function errors({ whole, traced, suffix }: CutModel): Promise<number[]> {
  const output = whole.outputs[0].name;
  const own = (part: LoadedModel, all: Readonly<Record<string, Feed>>) =>
    Object.fromEntries(part.inputs.map(({ name }) => [name, all[name] ?? all[name.replace(':0', '')]]));
  const wanted = (await whole.run(own(whole, feeds), [output]))[output].values;
  const names = traced.outputs.map(({ name }) => name);
  const trace = await traced.run(own(traced, feeds), names);
  const found = (await suffix.run(own(suffix, { ...feeds, ...trace }), [output]))[output].values;
  const size = distance(wanted, new Float32Array(wanted.length));
  return [trace[output].values, found].map((values) => distance(values, wanted) / size);
}

describe.each(Object.entries(keras.graphs))('%s, cut at each of its tensors', (name, { able, refused }) => {
  it('is refused at the output, at what is the same for every example, and inside loops', async () => {
    const loaded = await open(name);
    for (const tensor of refused) {
      await expect(cutAt(loaded, tensor), tensor).rejects.toBeInstanceOf(ConfigurationError);
    }
  });

  it('is itself', async () => {
    const loaded = await open(name);
    expect(able.length).toBeGreaterThan(4);
    for (const tensor of able) {
      for (const error of await errors(await cutAt(loaded, tensor))) expect(error, tensor).toBeLessThan(1e-6);
    }
  });
});

/** By model, what layers give: the calls of `head` by their number, those of models inside by their own layers. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'scored-layers': [
    'hidden_audio',
    'logits_audio',
    'part_audio',
    'hidden_video',
    'logits_video',
    'part_video',
  ],
  'router-layers': [
    ...['both', 'gate', 'column', 'stacked_0', 'stacked_1', 'stacked', 'weighted'],
    ...['hidden_audio', 'logits_audio', 'hidden_video', 'logits_video'],
  ],
  'trust-layers': [
    ...[
      'hidden_audio',
      'head@0',
      'trust_audio',
      'part_audio',
      'hidden_video',
      'head@1',
      'trust_video',
      'part_video',
    ],
  ],
  'nested-layers': ['audio', 'video'].flatMap((modality, i) => [
    ...[`hidden_${modality}`, `judge@${i}/inner`, `judge@${i}/gate`, `with_${modality}`],
    ...[`head@${i}/wide`, `head@${i}/narrow`, `part_${modality}`],
  ]),
  'attention-layers': [
    ...[
      'token_audio',
      'token_video',
      'tokens_0',
      'tokens_1',
      'tokens',
      'query',
      'key',
      'products',
      'affinity',
    ],
    ...['mixed', 'residual', 'energy', 'energies', 'weights', 'column', 'pooling', 'pooled'],
  ],
  'recurrent-layers': [
    ...['steps', 'memory:1', 'gate', 'richer', 'hidden_audio', 'logits_audio', 'part_audio'],
    ...['hidden_video', 'logits_video'],
  ],
};

/** The same models as Keras 3 writes them. */
const KERAS_3 = ['router', 'trust', 'nested', 'recurrent'].map(
  (name) => [`${name}-keras-3`, LAYERS[`${name}-layers`]] as const,
);

describe.each([...Object.entries(LAYERS), ...KERAS_3])('%s, cut at each of its layers', (name, layers) => {
  it('is itself', async () => {
    const loaded = await open(name);
    for (const tensor of layers) {
      for (const error of await errors(await cutAt(loaded, tensor))) expect(error, tensor).toBeLessThan(1e-6);
    }
  });

  it('has no other tensors', async () => {
    const loaded = await open(name);
    const refusal = await cutAt(loaded, 'no such layer').catch((error: unknown) => String(error));
    const listed = /What it computes of them: (.*)\.$/.exec(refusal as string)![1];
    expect(listed.split(/, | and /).sort()).toEqual([...layers].sort());
  });
});

it.each(KERAS_3)('%s is the model that Keras 2 wrote', async (name) => {
  const [found, wanted] = [await open(name), await open(name.replace('keras-3', 'layers'))];
  const own = { audio: feeds.audio, video: feeds.video };
  const [{ fused: one }, { fused: other }] = [
    await found.run(own, ['fused']),
    await wanted.run(own, ['fused']),
  ];
  expect(distance(one.values, other.values)).toBe(0);
});

it('calls outputs by the call of a layer that gives several of them', async () => {
  const place = mkdtempSync(join(tmpdir(), 'twice-'));
  try {
    cpSync(`${folder}keras/trust-layers`, place, { recursive: true });
    const text = readFileSync(join(place, 'model.json'), 'utf8');
    const outputs = '"output_layers": [["fused", 0, 0], ["head", 0, 0], ["head", 1, 0]]';
    writeFileSync(join(place, 'model.json'), text.replace(/"output_layers": \[\[.*?\]\]/, outputs));
    const candidate = { kind: 'model', path: 'model.json', engine: 'tfjs' } as const;
    const { loaded } = await loadModel(candidate, openWorkspace(place), { logger: silentLogger });
    expect(loaded.outputs.map(({ name }) => name)).toEqual(['fused', 'head@0', 'head@1']);
    const trust = (await cutAt(await open('trust-layers'), 'head@0', 'head@1')).traced;
    const own = { audio: feeds.audio, video: feeds.video };
    const [found, wanted] = [await loaded.run(own, ['head@1']), await trust.run(own, ['head@1'])];
    expect(distance(found['head@1'].values, wanted['head@1'].values)).toBe(0);
    await loaded.close();
  } finally {
    rmSync(place, { recursive: true });
  }
});
