import { afterAll, describe, expect, it } from 'vitest';

import type { LoadedModel } from '../../../../src/model/loaded-model.ts';
import { load } from '../../fusion-fixture.ts';

const opened = new Map<string, LoadedModel>();
afterAll(async () => {
  for (const loaded of opened.values()) await loaded.close();
});

const cut = async (name: string, ...scores: string[]) => {
  const loaded = opened.get(name) ?? (await load(`inside/${name}`));
  opened.set(name, loaded);
  return loaded.cut!({ scores, output: 'fused', kept: [], plain: false });
};

describe('a cut', () => {
  it.each([
    [
      'router-dressed.onnx',
      'then_sum',
      'The model "inside/router-dressed.onnx" cannot be cut at the reliability "then_sum": it lies inside a branch or body of If. The nearest tensors that work: inner, scaled and mul_28.',
    ],
    [
      'router-dressed.onnx',
      'sum',
      'The model "inside/router-dressed.onnx" cannot be cut at the reliability "sum": it lies inside the function Twice. The nearest tensors that work: doubled, moved and linear.',
    ],
    [
      'router-dressed.onnx',
      'shared',
      'The model "inside/router-dressed.onnx" cannot be cut at the reliability "shared": it is an initializer, the same for every example. The nearest tensors that work: moved, doubled and inner.',
    ],
    [
      'router-script.onnx',
      '/Shape_output_0',
      'The model "inside/router-script.onnx" cannot be cut at the reliability "/Shape_output_0": its values do not depend on the inputs, so they are the same for every example. The nearest tensors that work: /experts/audio/audio.0/Gemm_output_0, /Concat_1_output_0 and /experts/audio/audio.1/Relu_output_0.',
    ],
  ])('of %s at %s is refused in a sentence', async (name, score, sentence) => {
    await expect(cut(name, score)).rejects.toThrow(sentence);
  });

  it('may be at a score that is computed from another one', async () => {
    const { suffix } = await cut('calibrated-dynamo.onnx', 'sigmoid', 'log_2');
    expect(suffix.inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(['sigmoid', 'log_2']));
  });
});
