import { copyFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import type { OutputConfig } from '../../../../src/config/gate-config.ts';
import { silentLogger } from '../../../../src/foundation/logger.ts';
import { openWorkspace } from '../../../../src/foundation/workspace.ts';
import { freezeModel } from '../../../../src/model/freeze-model.ts';
import { loadModel } from '../../../../src/model/load-model.ts';
import type { LoadedModel } from '../../../../src/model/loaded-model.ts';
import { binding, folder, gateOf, load, modality, numbers, rowsOf } from '../../fusion-fixture.ts';

const ROWS = 6;
const zeros = (name: string, width: number) =>
  numbers(
    name,
    [ROWS, width],
    Float64Array.from({ length: ROWS * width }, (_, i) => Math.sin(i)),
  );
const data = rowsOf([zeros('audio', 6), zeros('video', 5), zeros('X', 11)], ROWS);

const opened: LoadedModel[] = [];
afterAll(async () => {
  for (const loaded of opened) await loaded.close();
});

const freeze = async (name: string, score: string, output: Partial<OutputConfig>, expert?: string) => {
  const loaded = await load(`kinds/${name}.onnx`);
  opened.push(loaded);
  const modalities = [modality('audio', { inputs: [], reliability: binding(score), expert })];
  return freezeModel(gateOf(`kinds/${name}.onnx`, { modalities, output }), data, loaded, silentLogger);
};

/** Each model by make.py in fixtures/model/kinds. */
describe('what a model of another kind is told', () => {
  it.each([
    [
      'a score of whole numbers',
      freezeWith('uint8-operators', '/Sigmoid_output_0_quantized', { tensor: 'fused' }),
      'The reliability "/Sigmoid_output_0_quantized" of the model "kinds/uint8-operators.onnx" is uint8; a score is float32, float64, float16. Name the tensor before it is converted, or the one it is converted back to.',
    ],
    [
      'a score that JavaScript cannot hold',
      freezeWith('brain-float', 'a_brain', { tensor: 'fused' }),
      'The model "kinds/brain-float.onnx" has bfloat16 at an input, an output or where it is cut, which the engine cannot hand over. Cast it to float32 there, or name a score further on.',
    ],
    [
      'a score whose name JavaScript has taken',
      freezeWith('odd-names', '__proto__', { tensor: 'fused' }),
      'The model "kinds/odd-names.onnx" cannot be cut at its scores: what runs after them needs "__proto__", which is a name that cannot be handed over. Name a tensor further on.',
    ],
    [
      'a list of tensors on the way',
      freezeWith('sequences', 'experts', { tensor: 'fused' }),
      'The model "kinds/sequences.onnx" cannot be cut at its scores: what runs after them needs "experts", which is a sequence or a map that cannot be handed over. Name a tensor further on.',
    ],
    [
      'a zipmap',
      freezeWith('voting-zipmap', 'probabilities1', { tensor: 'output_probability', kind: 'probabilities' }),
      'The output "output_probability" of the model "kinds/voting-zipmap.onnx" is no tensor but a sequence or a map. Export its numbers as one, with skl2onnx by to_onnx(..., options={"zipmap": False}).',
    ],
    [
      'names of classes',
      freezeWith('voting', 'probabilities1', { tensor: 'label' }),
      'The output "label" of the model "kinds/voting.onnx" is string: class labels, and no logits. Name the output that holds the logits.',
    ],
    [
      'an expert that is names of classes',
      freezeWith('voting', 'probabilities1', { tensor: 'probabilities', kind: 'probabilities' }, 'label'),
      'The output "label" of the model "kinds/voting.onnx" is string: class labels, and no probabilities. Name the output that holds the probabilities.',
    ],
  ])('%s', async (_, frozen, sentence) => {
    await expect(frozen()).rejects.toThrow(sentence);
  });
});

function freezeWith(...wishes: Parameters<typeof freeze>): () => ReturnType<typeof freeze> {
  return () => freeze(...wishes);
}

describe('a model of more than 2 GiB', () => {
  const own = mkdtempSync(join(tmpdir(), 'large-model-'));
  afterAll(() => {
    rmSync(own, { recursive: true });
  });

  // Elsewhere a file with a hole in it takes its full size.
  it.runIf(process.platform === 'linux')('is more than the embedded engine takes', async () => {
    for (const file of ['beside.onnx', 'beside.bin']) copyFileSync(`${folder}kinds/${file}`, join(own, file));
    truncateSync(join(own, 'beside.bin'), 2 ** 31);
    const candidate = { kind: 'model', path: 'beside.onnx', engine: 'onnxruntime-web' } as const;
    await expect(loadModel(candidate, openWorkspace(own), { logger: silentLogger })).rejects.toThrow(
      /^The model "beside\.onnx" has 21474\d{5} bytes with its weights; the embedded engine takes at most 2147483647\. Install the native one \(npm i onnxruntime-node\)\.$/,
    );
  });
});
