import { readFileSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import { randomFor } from '../../src/diagnostic/random.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeModel } from '../../src/model/freeze-model.ts';
import type { FrozenFusion, Reliability } from '../../src/model/frozen-fusion.ts';
import type { LoadedModel } from '../../src/model/loaded-model.ts';
import {
  binding,
  folder,
  freezeFile,
  gateOf,
  load,
  modality,
  numbers,
  rowsOf,
  type Wishes,
} from './fusion-fixture.ts';

const { audio, video } = JSON.parse(readFileSync(`${folder}inside/expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
};
const ROWS = audio.length / 6;
const data = rowsOf([numbers('audio', [ROWS, 6], audio), numbers('video', [ROWS, 5], video)], ROWS);

const fusions: FrozenFusion[] = [];
afterAll(async () => {
  for (const fusion of fusions) await fusion.close();
});

async function freeze(
  name: string,
  scores: readonly [audio: string, video: string],
  wishes: Wishes = {},
  change: (loaded: LoadedModel) => LoadedModel = (loaded) => loaded,
  engine: 'onnxruntime-node' | 'onnxruntime-web' = 'onnxruntime-node',
): Promise<FrozenFusion> {
  const path = `inside/${name}.onnx`;
  const modalities = ['audio', 'video'].map((it, m) =>
    modality(it, { inputs: [binding(it)], reliability: binding(scores[m]) }),
  );
  const gate = gateOf(path, { modalities, ...wishes });
  const fusion = await freezeModel(gate, data, change(await load(path, engine)), silentLogger);
  fusions.push(fusion);
  return fusion;
}

/** Scores of random rows, so many sets of them. */
function draws({ reliability }: FrozenFusion, count: number): Reliability[] {
  const random = randomFor(5, 'stacked');
  return Array.from({ length: count }, () =>
    reliability.map(({ width, values }) => ({
      width,
      values: values.map(() => values[Math.floor(random() * values.length)]),
    })),
  );
}

/** The suffix with something done to each of its runs. */
const suffixRun =
  (run: (suffix: LoadedModel) => LoadedModel['run']) =>
  (loaded: LoadedModel): LoadedModel => ({
    ...loaded,
    cut: async (wish) => {
      const cut = await loaded.cut!(wish);
      return { ...cut, suffix: { ...cut.suffix, run: run(cut.suffix) } };
    },
  });

describe.each(['onnxruntime-node', 'onnxruntime-web'] as const)(
  'many sets of scores in one call of %s',
  (engine) => {
    it.each([
      ['energy-script', '/Div_output_0', '/Div_1_output_0'],
      ['energy-dynamo', 'div', 'div_1'],
      ['calibrated-script', '/Sigmoid_output_0', '/Sigmoid_1_output_0'],
      ['calibrated-dynamo', 'sigmoid', 'sigmoid_1'],
    ])('give what each of them gives: %s', async (name, ...scores) => {
      const fusion = await freeze(name, scores, {}, undefined, engine);
      const { stacked } = fusion;
      const size = stacked!.size;
      expect(size).toBe(Math.floor(4096 / ROWS));
      const sets = draws(fusion, size);
      const wanted: Int32Array[] = [];
      for (const set of sets) wanted.push((await fusion.predict(set)).slice());
      expect(new Set(wanted.map(String)).size).toBeGreaterThan(size / 4);
      expect(await stacked!.predict(sets)).toEqual(wanted);
      // Fewer than fit, and each in another place than before.
      expect(await stacked!.predict(sets.slice(3, 8))).toEqual(wanted.slice(3, 8));
    });

    it('also give it where evidence is exchanged', async () => {
      const fusion = await freeze('energy-dynamo', ['div', 'div_1'], {}, undefined, engine);
      const other = (await fusion.withEvidence(
        0,
        Uint32Array.from({ length: ROWS }, (_, i) => (i + 1) % ROWS),
      ))!;
      const sets = draws(fusion, 4);
      const wanted: Int32Array[] = [];
      for (const set of sets) wanted.push((await other.predict(set)).slice());
      expect(await other.stacked!.predict(sets)).toEqual(wanted);
    });
  },
);

describe('many sets of scores that are inputs', () => {
  const bare = ['audio', 'video'].map((it) => modality(it, { reliability: undefined }));
  const matrix = (tensor: string, axis: 0 | 1): Wishes => ({
    modalities: bare,
    reliability: { tensor, column: 'Q', order: ['video', 'audio'], axis },
  });

  it.each([
    ['vectors.onnx', {}],
    ['columns.onnx', {}],
    ['matrix.onnx', matrix('Q', 1)],
    ['transposed.onnx', matrix('QT', 0)],
  ])('give what each of them gives: %s', async (path, wishes) => {
    const fusion = await freezeFile(path, { output: { tensor: 'fused' }, ...wishes });
    fusions.push(fusion);
    const sets = draws(fusion, 30);
    const wanted: Int32Array[] = [];
    for (const set of sets) wanted.push((await fusion.predict(set)).slice());
    expect(await fusion.stacked!.predict(sets)).toEqual(wanted);
  });
});

describe('a call for each set of scores is left', () => {
  const energy = ['div', 'div_1'] as const;

  it('where rows are many for a pass, or a pass is as large as the user wants it', async () => {
    expect((await freeze('energy-dynamo', energy, { batchSize: 7 })).stacked).toBeUndefined();
    expect((await freeze('energy-dynamo', energy, { batchSize: ROWS })).stacked).toBeUndefined();
    expect((await freeze('energy-dynamo', energy, { batchSize: 3 * ROWS })).stacked?.size).toBe(3);
  });

  it('where the model has its number of rows inside', async () => {
    const modalities = ['audio', 'video'].map((it) =>
      modality(it, { inputs: [binding(it)], reliability: undefined }),
    );
    const reliability = { ...binding('/Softmax_output_0'), order: ['audio', 'video'], axis: 1 as const };
    const fusion = await freeze('router-script', energy, { modalities, reliability });
    expect(fusion.stacked).toBeUndefined();
  });

  it('where a larger batch is rounded otherwise', async () => {
    const rounded = suffixRun((suffix) => async (feeds, fetch) => {
      const { fused } = await suffix.run(feeds, fetch);
      const values =
        fused.shape[0] === ROWS ? fused.values : fused.values.map((value) => value * (1 + 2 ** -23));
      return { fused: { ...fused, values } };
    });
    expect((await freeze('energy-dynamo', energy, {}, rounded)).stacked).toBeUndefined();
  });

  it('when the engine fails on many, so that the sentence names the rows', async () => {
    let broken = false;
    const failing = suffixRun((suffix) => (feeds, fetch) => {
      if (broken && Object.values(feeds)[0].shape[0] > ROWS) throw new Error('out of memory');
      return suffix.run(feeds, fetch);
    });
    const fusion = await freeze('energy-dynamo', energy, {}, failing);
    const sets = draws(fusion, 5);
    const wanted = await fusion.stacked!.predict(sets);
    broken = true;
    expect(await fusion.stacked!.predict(sets)).toEqual(wanted);
  });
});

describe('the calls of many shuffles', () => {
  it('are as many as batches, of full size', async () => {
    const rows: number[] = [];
    const counted = suffixRun((suffix) => (feeds, fetch) => {
      rows.push(Object.values(feeds)[0].shape[0]);
      return suffix.run(feeds, fetch);
    });
    const fusion = await freeze('energy-dynamo', ['div', 'div_1'], { batchSize: 10 * ROWS }, counted);
    rows.length = 0;
    const sets = draws(fusion, 10);
    await fusion.stacked!.predict(sets);
    await fusion.stacked!.predict(sets.slice(0, 3));
    expect(rows).toEqual([10 * ROWS, 10 * ROWS]);
  });
});
