import { afterAll, describe, expect, it } from 'vitest';

import { ConfigurationError } from '../../../src/foundation/errors.ts';
import type { CutModel, Feed, LoadedModel } from '../../../src/model/loaded-model.ts';
import { distance, load } from '../fusion-fixture.ts';
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

describe.each(Object.entries(LAYERS))('%s, cut at each of its layers', (name, layers) => {
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
