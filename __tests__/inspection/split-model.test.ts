import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { openWorkspace } from '../../src/foundation/workspace.ts';
import { splitModel } from '../../src/inspection/split-model.ts';
import { loadModel } from '../../src/model/load-model.ts';
import type { Feed, LoadedModel } from '../../src/model/loaded-model.ts';
import { distance, folder as fixtures } from '../model/fusion-fixture.ts';
import { audio, bring, folder, options, ROWS, video } from './inside-fixture.ts';

const feeds: Record<string, Feed> = {
  audio: { shape: [ROWS, 6], values: Float32Array.from(audio) },
  video: { shape: [ROWS, 5], values: Float32Array.from(video) },
};

async function open(path: string): Promise<LoadedModel> {
  return (await loadModel({ kind: 'model', path, engine: 'onnxruntime-web' }, options.workspace, options))
    .loaded;
}

async function run(
  path: string,
  all: Record<string, Feed>,
): Promise<Record<string, Feed & { values: Float32Array }>> {
  const loaded = await open(path);
  const own = loaded.inputs.map(({ name }) => [name, all[name]] as const);
  const found = await loaded.run(
    Object.fromEntries(own),
    loaded.outputs.map(({ name }) => name),
  );
  await loaded.close();
  return found as Record<string, Feed & { values: Float32Array }>;
}

const cases: readonly [name: string, at: readonly string[]][] = [
  ['router-script', ['/Softmax_output_0']],
  ['router-dressed', ['softmax']],
  ['energy-dynamo', ['div', 'div_1']],
  ['calibrated-script', ['/Sigmoid_output_0', '/Sigmoid_1_output_0']],
  ['evidential-dynamo', ['mul_22', 'mul_34']],
  ['attention-dynamo', ['softmax']],
  ['structures', ['q_a', 'q_v']],
  ['half/calibrated', ['sigmoid', 'sigmoid_1']],
];

describe('a model that is split', () => {
  it.each(cases)('%s at %j is the model, file behind file', async (name, at) => {
    const model = bring(`inside/${name}.onnx`, 'whole.onnx');
    const { prefix, suffix, hasFilesBeside } = await splitModel({ model, at, output: 'fused' }, options);
    expect(hasFilesBeside).toBe(false);
    writeFileSync(join(folder, 'prefix.onnx'), prefix.bytes);
    writeFileSync(join(folder, 'suffix.onnx'), suffix.bytes);
    const { fused: wanted } = await run(model, feeds);
    const handed = await run('prefix.onnx', feeds);
    expect(Object.keys(handed)).toEqual(expect.arrayContaining([...at]));
    expect(Object.keys(handed)).not.toContain('fused');
    const { fused: found } = await run('suffix.onnx', { ...feeds, ...handed });
    const scale = distance(wanted.values, new Float32Array(wanted.values.length));
    expect(distance(found.values, wanted.values) / scale).toBeLessThan(
      name.startsWith('half') ? 2 ** -9 : 1e-6,
    );
  });

  it('takes any number of rows still', async () => {
    const model = bring('inside/router-dynamo.onnx', 'whole.onnx');
    const { prefix, suffix } = await splitModel({ model, at: ['softmax'] }, options);
    for (const { inputs, outputs } of [prefix, suffix]) {
      for (const { shape } of [...inputs, ...outputs]) expect(shape?.[0]).toBeNull();
    }
    expect(prefix.inputs.map(({ name }) => name)).toEqual(['audio', 'video']);
    expect(prefix.outputs.map(({ name, shape }) => [name, shape])).toContainEqual(['softmax', [null, 2]]);
    expect(suffix.outputs.map(({ name }) => name)).toEqual(['fused']);
  });

  it('may have scores that are inputs, which only the suffix takes', async () => {
    const workspace = openWorkspace(fileURLToPath(new URL('../../examples/digits/', import.meta.url)));
    const at = ['Q_top', 'Q_middle', 'Q_bottom'];
    const split = await splitModel(
      { model: 'truthful.onnx', at, output: 'fused' },
      { ...options, workspace },
    );
    expect(split.prefix.inputs.map(({ name }) => name)).toEqual(['E_top', 'E_middle', 'E_bottom']);
    // The experts are outputs of the model, and need no second forward pass.
    expect(split.prefix.outputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['p_top', 'p_middle', 'p_bottom']),
    );
    expect(split.suffix.inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(at));
  });

  it('says that its weights stay in files beside it', async () => {
    const workspace = openWorkspace(fixtures);
    const split = await splitModel(
      { model: 'external/inside.onnx', at: ['q_a', 'q_v'] },
      { ...options, workspace },
    );
    expect(split.hasFilesBeside).toBe(true);
  });
});

describe('a model that cannot be split', () => {
  const said = (at: string[], output?: string, name = 'inside/structures.onnx') =>
    expect(splitModel({ model: bring(name, 'whole.onnx'), at, output }, options)).rejects;

  it('is refused in a sentence', async () => {
    await said(['q_a']).toThrow(
      'The model "whole.onnx" has 2 outputs; name the fused one with --output. Its outputs: fused and seen_all.',
    );
    await said(['q_a'], 'fussed').toThrow('Did you mean "fused"? Its outputs: fused and seen_all.');
    await said(['q_b'], 'fused').toThrow('The model "whole.onnx" has no tensor "q_b"');
    await said(['audio', 'video'], undefined, 'inside/router-dynamo.onnx').toThrow(
      'Everything in the model "whole.onnx" depends on the scores, so that there is no first part to split off.',
    );
  });
});
