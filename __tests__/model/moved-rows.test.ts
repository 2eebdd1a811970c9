import { readFileSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeModel } from '../../src/model/freeze-model.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import type { CutModel, LoadedModel } from '../../src/model/loaded-model.ts';
import {
  binding,
  distance,
  folder,
  gateOf,
  load,
  modality,
  numbers,
  rowsOf,
  type Wishes,
} from './fusion-fixture.ts';

/** By NumPy in float64: fixtures/model/inside/make.py. `moved` has the audio of the next row in each row. */
const { audio, video, gates } = JSON.parse(readFileSync(`${folder}inside/expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
  readonly gates: Readonly<Record<string, { readonly moved: number[] }>>;
};
const ROWS = audio.length / 6;
const data = rowsOf([numbers('audio', [ROWS, 6], audio), numbers('video', [ROWS, 5], video)], ROWS);
const next = Uint32Array.from({ length: ROWS }, (_, i) => (i + 1) % ROWS);

const fusions: FrozenFusion[] = [];
afterAll(async () => {
  for (const fusion of fusions) await fusion.close();
});

/** Frozen, and the rows that the traced model runs for exchanged evidence. */
async function exchanged(
  name: string,
  wishes: Wishes,
  engine: 'onnxruntime-node' | 'onnxruntime-web' = 'onnxruntime-node',
  change: (cut: CutModel) => CutModel = (cut) => cut,
): Promise<{ other: FrozenFusion; traced: number }> {
  let traced = 0;
  const path = `inside/${name}.onnx`;
  const loaded = await load(path, engine);
  const cut: LoadedModel['cut'] = async (wish) => {
    const parts = change(await loaded.cut!(wish));
    const run: LoadedModel['run'] = (feeds, fetch) => {
      traced += feeds.audio.shape[0];
      return parts.traced.run(feeds, fetch);
    };
    return { ...parts, traced: { ...parts.traced, run } };
  };
  const fusion = await freezeModel(gateOf(path, wishes), data, { ...loaded, cut }, silentLogger);
  fusions.push(fusion);
  traced = 0;
  return { other: (await fusion.withEvidence(0, next))!, traced };
}

const each = (scoreOfAudio: string, scoreOfVideo: string): Wishes => ({
  modalities: [
    modality('audio', { inputs: [binding('audio')], reliability: binding(scoreOfAudio) }),
    modality('video', { inputs: [binding('video')], reliability: binding(scoreOfVideo) }),
  ],
});
const router: Wishes = {
  modalities: ['audio', 'video'].map((it) => modality(it, { inputs: [binding(it)], reliability: undefined })),
  reliability: { ...binding('softmax'), order: ['audio', 'video'], axis: 1 },
};

describe.each(['onnxruntime-node', 'onnxruntime-web'] as const)('evidence exchanged on %s', (engine) => {
  it.each([
    ['calibrated-dynamo', 'calibrated', each('sigmoid', 'sigmoid_1'), 2 * 8],
    ['calibrated-dynamo', 'calibrated', { ...each('sigmoid', 'sigmoid_1'), batchSize: 7 }, 2 * 7],
    ['energy-script', 'energy', each('/Div_output_0', '/Div_1_output_0'), 2 * 8],
    // What is stacked of both modalities is left to the suffix.
    ['router-dynamo', 'router', router, 2 * 8],
  ])('is what NumPy computes, of a few rows run twice: %s (%s)', async (name, kind, wishes, rows) => {
    const { other, traced } = await exchanged(name, wishes, engine);
    expect(traced).toBe(rows);
    expect(distance(other.original, gates[kind].moved)).toBeLessThan(1e-5);
  });
});

describe('the model runs on all rows again', () => {
  const wishes = each('sigmoid', 'sigmoid_1');
  const wanted = gates.calibrated.moved;

  it('where the engine does not know what a tensor is computed from', async () => {
    const change = (cut: CutModel): CutModel => ({ ...cut, sources: undefined });
    const { other, traced } = await exchanged('calibrated-dynamo', wishes, 'onnxruntime-node', change);
    expect(traced).toBe(ROWS);
    expect(distance(other.original, wanted)).toBeLessThan(1e-5);
  });

  it('where a tensor is computed from both modalities', async () => {
    const change = (cut: CutModel): CutModel => ({
      ...cut,
      sources: new Map(cut.traced.outputs.map(({ name }) => [name, new Set(['audio', 'video'])])),
    });
    const { other, traced } = await exchanged('calibrated-dynamo', wishes, 'onnxruntime-node', change);
    expect(traced).toBe(ROWS);
    expect(distance(other.original, wanted)).toBeLessThan(1e-5);
  });

  it('where rows look at each other', async () => {
    /** Takes the mean over the batch off what the audio expert says, and hands on the rest as it is. */
    const centred = (cut: CutModel): CutModel => ({
      ...cut,
      traced: {
        ...cut.traced,
        run: async (feeds, fetch) => {
          const { linear_1: logits, ...rest } = await cut.traced.run(feeds, fetch);
          const rows = logits.shape[0];
          const mean = [0, 1, 2].map(
            (c) =>
              Array.from(logits.values).reduce((sum, value, i) => (i % 3 === c ? sum + value : sum), 0) /
              rows,
          );
          return {
            ...rest,
            linear_1: { ...logits, values: logits.values.map((value, i) => value - mean[i % 3]) },
          };
        },
      },
    });
    const { traced } = await exchanged('calibrated-dynamo', wishes, 'onnxruntime-node', centred);
    expect(traced).toBe(2 * 8 + ROWS);
  });
});
