import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';

import { computedScores } from '../../../src/model/frozen-graph/score-tensors.ts';
import type { LoadedModel } from '../../../src/model/loaded-model.ts';
import { asKeras2 } from '../../../src/model/tfjs/keras-3.ts';
import { binding, gateOf, load, modality } from '../fusion-fixture.ts';

const opened = new Map<string, LoadedModel>();
afterAll(async () => {
  for (const loaded of opened.values()) await loaded.close();
});

const cut = async (name: string, ...scores: string[]) => {
  const loaded = opened.get(name) ?? (await load(`keras/${name}/model.json`, 'tfjs'));
  opened.set(name, loaded);
  return loaded.cut!({ scores, output: loaded.outputs[0].name, kept: [], plain: false });
};
const refusal = (name: string, score: string, what: string, near: string): string =>
  `The model "keras/${name}/model.json" cannot be cut at the reliability "${score}": ${what}. The nearest tensors that work: ${near}.`;

const PLACE = 'PartitionedCall';
const LOOP = `${PLACE}/while/body/_7/while/Tanh`;
const BRANCH = `${PLACE}/cond/then/_51/cond/mul`;

describe('a cut', () => {
  it.each([
    ['trust-layers', 'fused', 'it is the fused output itself', 'part_audio, part_video and head@0'],
    [
      'looped-graph',
      'unknown_1',
      'it is a weight, the same for every example',
      `${PLACE}/while/exit/_37, ${PLACE}/Tanh_1 and ${PLACE}/mul`,
    ],
    [
      'looped-graph',
      LOOP,
      'it lies inside a branch or a loop',
      `${PLACE}/mul, ${PLACE}/while/exit/_37 and ${PLACE}/Tanh_1`,
    ],
    [
      'looped-graph',
      BRANCH,
      'it lies inside a branch or a loop',
      `${PLACE}/cond/output/_58, ${PLACE}/while/exit/_37 and ${PLACE}/Greater`,
    ],
  ])('of %s at %s is refused in a sentence', async (name, score, what, near) => {
    await expect(cut(name, score)).rejects.toThrow(refusal(name, score, what, near));
  });

  it('names the nearest layer', async () => {
    await expect(cut('nested-layers', 'judge@0/gat')).rejects.toThrow(
      'The model "keras/nested-layers/model.json" has no tensor "judge@0/gat", which is named as reliability. Did you mean "judge@0/gate"?',
    );
  });

  it('is not tried at an input by the name that it had before it was converted', async () => {
    const path = 'keras/scored-graph/model.json';
    const loaded = await load(path, 'tfjs');
    const gate = gateOf(path, { modalities: [modality('audio', { reliability: binding('q_a') })] });
    expect(() => computedScores(gate, path, loaded)).toThrow(
      `modalities.audio.reliability names "q_a", which is called "q_a:0" as an input of the model "${path}". Write {tensor: "q_a:0", column: q_a} there.`,
    );
    await loaded.close();
  });

  it('leaves what only lays modalities side by side behind it', async () => {
    const { suffix } = await cut('router-graph', 'StatefulPartitionedCall/router/gate/Softmax');
    const names = suffix.inputs.map(({ name }) => name);
    expect(names).not.toContain('StatefulPartitionedCall/router/stacked/concat');
    expect(names).toHaveLength(3);
  });

  it('may be at a score that is computed from another one', async () => {
    const { suffix } = await cut('recurrent-layers', 'memory:1', 'gate');
    expect(suffix.inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(['memory:1', 'gate']));
  });

  it('leaves no tensor behind, not even the weights of a layer that is called twice', async () => {
    const before = tf.engine().state.numTensors;
    for (const [name, score] of [
      ['trust-layers', 'trust_audio'],
      ['nested-layers', 'judge@0/gate'],
      ['parted-graph', `${PLACE}/parts`],
    ]) {
      const loaded = await load(`keras/${name}/model.json`, 'tfjs');
      await loaded.cut!({ scores: [score], output: 'fused', kept: [], plain: false });
      await loaded.close();
    }
    expect(tf.engine().state.numTensors).toBe(before);
  });
});

it('refuses tensors that Keras 3 gives by keyword', () => {
  const tensor = { class_name: '__keras_tensor__', config: { keras_history: ['mask', 0, 0] } };
  const layers = [
    { name: 'attend', config: {}, inbound_nodes: [{ args: [], kwargs: { attention_mask: tensor } }] },
  ];
  const modelTopology = { keras_version: '3.15.1', model_config: { config: { layers } } };
  expect(() => asKeras2({ modelTopology }, 'model.json')).toThrow(
    'The layer "attend" of the model "model.json" is given a tensor by keyword (attention_mask), which TensorFlow.js cannot do.',
  );
});
