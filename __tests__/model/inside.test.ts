import { readFileSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import type { DiagnosisPlan } from '../../src/diagnostic/take-measurements.ts';
import { diagnose } from '../diagnostic/diagnose.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeModel } from '../../src/model/freeze-model.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import type { EngineName } from '../../src/model/load-request.ts';
import type { LoadedModel } from '../../src/model/loaded-model.ts';
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

interface Gate {
  readonly labels: number[];
  /** Clean-Q [N, 2]. */
  readonly scores: number[];
  readonly fused: number[];
  /** The fused outputs where each row has the audio of the next one. */
  readonly moved: number[];
  /** By shuffle and modality: the row whose score each row gets. */
  readonly orders: number[][][];
  readonly gap: number;
  readonly flipMean: number;
  readonly flipMax: number;
}

/** By NumPy in float64: fixtures/model/inside/make.py. */
const { audio, video, gates } = JSON.parse(readFileSync(`${folder}inside/expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
  readonly gates: Readonly<Record<string, Gate>>;
};
const ROWS = audio.length / 6;
const data = rowsOf([numbers('audio', [ROWS, 6], audio), numbers('video', [ROWS, 5], video)], ROWS);

const fusions: FrozenFusion[] = [];
afterAll(async () => {
  for (const fusion of fusions) await fusion.close();
});

async function freezeInside(
  name: string,
  wishes: Wishes,
  engine: EngineName,
  change: (loaded: LoadedModel) => LoadedModel = (loaded) => loaded,
): Promise<FrozenFusion> {
  const path = `inside/${name}.onnx`;
  const loaded = change(await load(path, engine));
  const fusion = await freezeModel(gateOf(path, wishes), data, loaded, silentLogger);
  fusions.push(fusion);
  return fusion;
}

const each = (scoreOfAudio: string, scoreOfVideo: string): Wishes => ({
  modalities: [
    modality('audio', { inputs: [binding('audio')], reliability: binding(scoreOfAudio) }),
    modality('video', { inputs: [binding('video')], reliability: binding(scoreOfVideo) }),
  ],
});
const all = (tensor: string): Wishes => ({
  modalities: [
    modality('audio', { inputs: [binding('audio')], reliability: undefined }),
    modality('video', { inputs: [binding('video')], reliability: undefined }),
  ],
  reliability: { ...binding(tensor), order: ['audio', 'video'], axis: 1 },
});

const opinions: Wishes = { output: { kind: 'probabilities' } };

/** PyTorch names tensors as it likes. */
const models: readonly [name: string, fusion: string, wishes: Wishes][] = [
  ['router-script', 'router', all('/Softmax_output_0')],
  ['router-script', 'router', { ...all('/Softmax_output_0'), batchSize: 7 }],
  ['router-dynamo', 'router', all('softmax')],
  ['router-dynamo', 'router', { ...all('view'), batchSize: 5 }],
  ['energy-script', 'energy', each('/Div_output_0', '/Div_1_output_0')],
  ['energy-dynamo', 'energy', each('div', 'div_1')],
  ['calibrated-script', 'calibrated', each('/Sigmoid_output_0', '/Sigmoid_1_output_0')],
  ['calibrated-dynamo', 'calibrated', { ...each('sigmoid', 'sigmoid_1'), batchSize: 7 }],
  [
    'evidential-script',
    'evidential',
    { ...each('/Mul_output_0', '/Mul_1_output_0'), ...opinions, batchSize: 7 },
  ],
  ['evidential-dynamo', 'evidential', { ...each('mul_22', 'mul_34'), ...opinions }],
  ['attention-script', 'attention', all('/Softmax_output_0')],
  ['attention-dynamo', 'attention', { ...all('softmax'), batchSize: 7 }],
];
const engines = ['onnxruntime-node', 'onnxruntime-web'] as const;
const cases = models.flatMap((model) => engines.map((engine) => [...model, engine] as const));

describe.each(cases)('%s.onnx, a %s that computes its scores (%j, %s)', (name, kind, wishes, engine) => {
  const expected = gates[kind];

  it('has the scores and the outputs that NumPy computes', async () => {
    const fusion = await freezeInside(name, wishes, engine);
    fusion.reliability.forEach(({ width, values }, m) => {
      expect(width).toBe(1);
      const wanted = expected.scores.filter((_, i) => i % 2 === m);
      expect(distance(values, wanted)).toBeLessThan(2e-6);
    });
    expect(distance(fusion.original, expected.fused)).toBeLessThan(1e-5);
    expect(fusion.tolerance).toBe(0);
  });

  it('has the gap and the flip rate that NumPy computes on the same shuffles', async () => {
    const fusion = await freezeInside(name, wishes, engine);
    const { gap, flipRate, invalid } = await diagnose(
      fusion,
      Int32Array.from(expected.labels),
      planOf(fusion, expected.orders),
      silentLogger,
    );
    expect(invalid).toBeNull();
    expect(gap.value).toBeCloseTo(expected.gap, 6);
    expect(flipRate.mean).toBeCloseTo(expected.flipMean, 6);
    expect(flipRate.max).toBeCloseTo(expected.flipMax, 6);
  });

  it('keeps its scores when evidence is exchanged', async () => {
    const fusion = await freezeInside(name, wishes, engine);
    const next = Uint32Array.from({ length: ROWS }, (_, i) => (i + 1) % ROWS);
    const other = (await fusion.withEvidence(0, next))!;
    expect(other.reliability).toEqual(fusion.reliability);
    expect(distance(other.original, expected.moved)).toBeLessThan(1e-5);
    expect(distance(await other.replay(other.reliability), expected.moved)).toBeLessThan(1e-5);
  });
});

/** The shuffles of NumPy as a bank. */
function planOf({ reliability }: FrozenFusion, orders: Gate['orders']): DiagnosisPlan {
  const bank = reliability.map(({ values }, m) =>
    Float64Array.from(orders.flatMap((pair) => pair[m].map((row) => values[row]))),
  );
  return {
    ...gateOf('m.onnx'),
    permutations: { count: orders.length, secondaryCount: 2, scheme: 'independent', seed: 0, bank },
    reliableWhen: ['high', 'high'],
  };
}

describe('the work of a replay', () => {
  /** Counts the forward passes of each part, and the rows in them. */
  function counting() {
    const runs: Record<string, number> = { whole: 0, traced: 0, suffix: 0 };
    const rows: Record<string, number> = { whole: 0, traced: 0, suffix: 0 };
    const counted = (part: string, model: LoadedModel): LoadedModel => ({
      ...model,
      run: (feeds, fetch) => {
        runs[part]++;
        rows[part] += Object.values(feeds)[0].shape[0];
        return model.run(feeds, fetch);
      },
    });
    const change = (loaded: LoadedModel): LoadedModel => ({
      ...counted('whole', loaded),
      cut: async (wish) => {
        const cut = await loaded.cut!(wish);
        return {
          ...cut,
          whole: counted('whole', cut.whole),
          traced: counted('traced', cut.traced),
          suffix: counted('suffix', cut.suffix),
        };
      },
    });
    return { runs, rows, change };
  }

  it('is one forward of the whole model, a few rows more, and the suffix for each pass and replay', async () => {
    const { runs, rows, change } = counting();
    const wishes = { ...each('sigmoid', 'sigmoid_1'), batchSize: 7 };
    const fusion = await freezeInside('calibrated-dynamo', wishes, 'onnxruntime-web', change);
    const passes = Math.ceil(ROWS / 7);
    // The model itself runs on the rows of one pass. And Clean-Q is replayed once, to see that the parts are the model.
    expect(runs).toEqual({ whole: 1, traced: passes + 1, suffix: passes });
    expect(rows).toEqual({ whole: 7, traced: ROWS + 7, suffix: ROWS });
    for (let k = 0; k < 10; k++) await fusion.predict(fusion.reliability);
    expect(runs).toEqual({ whole: 1, traced: passes + 1, suffix: 11 * passes });
    const other = (await fusion.withEvidence(
      1,
      Uint32Array.from({ length: ROWS }, () => 0),
    ))!;
    await other.predict(other.reliability);
    // What comes of one modality alone moves with its rows: a few of them are run, before and after, to see that it does.
    expect(runs).toEqual({ whole: 1, traced: passes + 3, suffix: 13 * passes });
    expect(rows.traced).toBe(ROWS + 3 * 7);
  });
});

describe('parts that are not the model', () => {
  /** A cut whose suffix is a little wrong, with optimisations and without. */
  const broken = (loaded: LoadedModel): LoadedModel => ({
    ...loaded,
    cut: async (wish) => {
      const cut = await loaded.cut!(wish);
      const run: LoadedModel['run'] = async (feeds, fetch) => {
        const { fused } = await cut.suffix.run(feeds, fetch);
        return { fused: { ...fused, values: fused.values.map((value) => value * 1.001) } };
      };
      return { ...cut, suffix: { ...cut.suffix, run } };
    },
  });

  /** A cut of another model: its parts agree with each other, and not with this one. */
  const foreign = (loaded: LoadedModel): LoadedModel => ({
    ...loaded,
    cut: async (wish) => {
      const cut = await loaded.cut!(wish);
      const run: LoadedModel['run'] = ({ audio: own, ...others }, fetch) =>
        cut.traced.run(
          { ...others, audio: { ...own, values: own.values.map((value) => value * 1.01) } },
          fetch,
        );
      return { ...cut, traced: { ...cut.traced, run } };
    },
  });

  it.each([
    ['a suffix', broken],
    ['a traced model', foreign],
  ])('leave the model invalid where it computes the scores: %s', async (_, change) => {
    const fusion = await freezeInside('energy-dynamo', each('div', 'div_1'), 'onnxruntime-web', change);
    const { labels, orders } = gates.energy;
    const plan = planOf(fusion, orders.slice(0, 3));
    const { invalid } = await diagnose(fusion, Int32Array.from(labels), plan, silentLogger);
    expect(invalid).toMatch(/^the replay of Clean-Q differs from the model's own output by up to 0\.0\d/);
  });
});
