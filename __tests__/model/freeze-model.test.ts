import { afterAll, describe, expect, it } from 'vitest';

import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeModel } from '../../src/model/freeze-model.ts';
import type { LoadedModel } from '../../src/model/loaded-model.ts';
import type { EngineName } from '../../src/model/load-request.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import {
  binding,
  dataWith,
  distance,
  expected,
  freezeFile,
  gateOf,
  load,
  modality,
  numbers,
  ROWS,
  shuffled,
  type Wishes,
} from './fusion-fixture.ts';

const opened: FrozenFusion[] = [];
const freeze: typeof freezeFile = async (...args) => {
  const fusion = await freezeFile(...args);
  opened.push(fusion);
  return fusion;
};
afterAll(async () => {
  for (const fusion of opened) await fusion.close();
});

const fused = { output: { tensor: 'fused' } };
const withExperts: Wishes = {
  ...fused,
  modalities: [modality('audio', { expert: 'logits_a' }), modality('video', { expert: 'logits_v' })],
};
const matrix = (tensor: string, axis: 0 | 1): Wishes => ({
  ...fused,
  modalities: [modality('audio', { reliability: undefined }), modality('video', { reliability: undefined })],
  reliability: { tensor, column: 'Q', order: ['video', 'audio'], axis },
});

const inside: Wishes = {
  ...fused,
  modalities: [
    modality('audio', { reliability: binding('q_a') }),
    modality('video', { reliability: binding('q_v') }),
  ],
};

const dresses: readonly [string, string, EngineName, Wishes][] = [
  ['[N] on wasm', 'vectors.onnx', 'onnxruntime-web', withExperts],
  ['[N] native', 'vectors.onnx', 'onnxruntime-node', withExperts],
  ['[N] native by itself', 'vectors.onnx', 'auto', withExperts],
  ['experts inside, wasm', 'single.onnx', 'onnxruntime-web', withExperts],
  ['experts inside, native', 'single.onnx', 'onnxruntime-node', withExperts],
  ['[N] in passes of 3', 'vectors.onnx', 'onnxruntime-web', { ...withExperts, batchSize: 3 }],
  ['[N, 1]', 'columns.onnx', 'onnxruntime-web', fused],
  ['[N, M]', 'matrix.onnx', 'onnxruntime-web', matrix('Q', 1)],
  ['[M, N]', 'transposed.onnx', 'onnxruntime-web', matrix('QT', 0)],
  ['[M, N] in passes of 2', 'transposed.onnx', 'onnxruntime-web', { ...matrix('QT', 0), batchSize: 2 }],
  ['a fixed batch of 4', 'fixed-batch.onnx', 'onnxruntime-web', fused],
  ['weights beside the model, wasm', 'external/inside.onnx', 'onnxruntime-web', fused],
  ['weights beside the model, native', 'external/inside.onnx', 'onnxruntime-node', fused],
  ['[N, 1] inside', 'vectors.onnx', 'onnxruntime-web', inside],
  ['[N, 1] inside, native', 'vectors.onnx', 'onnxruntime-node', inside],
  ['[N, 1] inside, in passes of 3', 'vectors.onnx', 'onnxruntime-web', { ...inside, batchSize: 3 }],
  ['[N, 1] inside, a fixed batch of 4', 'fixed-batch.onnx', 'onnxruntime-web', inside],
  ['[N, 1] inside, weights beside the model', 'external/inside.onnx', 'onnxruntime-web', inside],
  ['float16 scores', 'half-scores.onnx', 'onnxruntime-web', fused],
  ['a LayersModel', 'layers/model.json', 'tfjs', withExperts],
  ['a GraphModel', 'graph/model.json', 'tfjs', withExperts],
  ['a GraphModel that wasm cannot run', 'einsum/model.json', 'tfjs', withExperts],
  ['a GraphModel with branches', 'switch/model.json', 'tfjs', fused],
];

describe.each(dresses)('%s', (_, path, engine, wishes) => {
  it('gives what NumPy gives, on clean and on shuffled scores', async () => {
    const fusion = await freeze(path, wishes, dataWith(), engine);
    expect(distance(fusion.original, expected.fused)).toBeLessThan(1e-6);
    expect(distance(await fusion.replay(shuffled(fusion.reliability)), expected.shuffled)).toBeLessThan(1e-6);
    expect(fusion).toMatchObject({ rows: ROWS, classes: 3, modalities: ['audio', 'video'], tolerance: 0 });
  });

  it('replays Clean-Q bit for bit', async () => {
    const fusion = await freeze(path, wishes, dataWith(), engine);
    expect(await fusion.replay(fusion.reliability)).toEqual(fusion.original);
  });
});

describe('freezeModel', () => {
  it('names the engine that ran', async () => {
    const names = await Promise.all(
      (
        [
          ['vectors.onnx', 'onnxruntime-web'],
          ['vectors.onnx', 'auto'],
          ['graph/model.json', 'tfjs'],
          ['einsum/model.json', 'tfjs'],
          ['switch/model.json', 'tfjs'],
        ] as const
      ).map(async ([path, engine]) => (await freeze(path, fused, dataWith(), engine)).engine),
    );
    expect(names).toEqual([
      'onnxruntime-web 1.30.0 (wasm, 1 thread)',
      'onnxruntime-node 1.30.0 (cpu, 1 thread)',
      'tfjs 4.22.0 (wasm)',
      'tfjs 4.22.0 (cpu)',
      'tfjs 4.22.0 (cpu)',
    ]);
  });

  it('sums scores of several numbers per row', async () => {
    const audio = modality('audio', { reliability: binding('D_a') });
    const fusion = await freeze('deep.onnx', { ...fused, modalities: [audio, modality('video')] });
    expect(fusion.reliability.map(({ width }) => width)).toEqual([2, 1]);
    expect(distance(fusion.original, expected.deep)).toBeLessThan(1e-6);
    expect(await fusion.replay(fusion.reliability)).toEqual(fusion.original);
  });

  it('predicts the class of the largest output', async () => {
    const fusion = await freeze('vectors.onnx', fused);
    const largest = Array.from({ length: ROWS }, (_, i) => {
      const row = expected.shuffled.slice(3 * i, 3 * i + 3);
      return row.indexOf(Math.max(...row));
    });
    expect([...(await fusion.predict(shuffled(fusion.reliability)))]).toEqual(largest);
  });

  it('decides a single output by its kind', async () => {
    const isOne = expected.margin.map((margin) => (margin >= 0 ? 1 : 0));
    expect(new Set(isOne).size).toBe(2);
    for (const output of [
      { tensor: 'margin', kind: 'logits' },
      { tensor: 'flat', kind: 'logits' },
      { tensor: 'probability', kind: 'probabilities' },
      { tensor: 'flat', kind: 'score', decisionThreshold: 0 },
    ] as const) {
      const fusion = await freeze('margin.onnx', { output });
      expect(fusion.classes).toBe(2);
      expect([...(await fusion.predict(fusion.reliability))]).toEqual(isOne);
    }
    const high = { tensor: 'probability', kind: 'probabilities', decisionThreshold: 0.9 } as const;
    const fusion = await freeze('margin.onnx', { output: high });
    expect([...(await fusion.predict(fusion.reliability))]).toEqual(
      expected.probability.map((p) => (p >= 0.9 ? 1 : 0)),
    );
  });

  it('reads experts off the model, from inside it, or off the evaluation set', async () => {
    const fromModel = await freeze('vectors.onnx', withExperts);
    const columns = [
      numbers('logits_a', [ROWS, 3], expected.logits_a),
      numbers('logits_v', [ROWS, 3], expected.logits_v),
    ];
    const fromInside = await freeze('single.onnx', withExperts);
    const fromColumns = await freeze('single.onnx', withExperts, dataWith(...columns));
    const softmax = (row: number[]) => {
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      return row.map((value) => Math.exp(value) / sum);
    };
    const wanted = Array.from({ length: ROWS }, (_, i) => expected.logits_a.slice(3 * i, 3 * i + 3));
    for (const { experts } of [fromModel, fromInside, fromColumns]) {
      expect([...experts![0].classes]).toEqual(wanted.map((row) => row.indexOf(Math.max(...row))));
      expect(distance(experts![0].posteriors!, wanted.flatMap(softmax))).toBeLessThan(1e-6);
    }
    expect((await freeze('vectors.onnx', fused)).experts).toBeUndefined();
  });

  it('exchanges the evidence of one modality, and its expert with it', async () => {
    const columns = [
      numbers('logits_a', [ROWS, 3], expected.logits_a),
      numbers('logits_v', [ROWS, 3], expected.logits_v),
    ];
    const source = Uint32Array.from(expected.source);
    for (const path of ['vectors.onnx', 'single.onnx']) {
      const fusion = await freeze(path, withExperts, dataWith(...columns));
      const other = (await fusion.withEvidence(0, source))!;
      expect(distance(other.original, expected.moved)).toBeLessThan(1e-6);
      expect(await other.replay(other.reliability)).toEqual(other.original);
      const classes = Array.from({ length: ROWS }, (_, i) => {
        const row = expected.moved_logits_a.slice(3 * i, 3 * i + 3);
        return row.indexOf(Math.max(...row));
      });
      expect([...other.experts![0].classes]).toEqual(classes);
      expect(other.experts![1]).toEqual(fusion.experts![1]);
      await other.close();
      expect(await fusion.replay(fusion.reliability)).toEqual(fusion.original);
    }
  });

  it('takes scores and experts that are missing where their modality is absent', async () => {
    const present = Uint8Array.of(1, 1, 0, 1, 0, 1, 1);
    const logits = expected.logits_a.map((value, i) => (present[Math.floor(i / 3)] === 1 ? value : NaN));
    const columns = [
      numbers('logits_a', [ROWS, 3], logits),
      numbers('logits_v', [ROWS, 3], expected.logits_v),
    ];
    const data = { ...dataWith(...columns), presence: [present, undefined] };
    for (const path of ['single.onnx', 'vectors.onnx']) {
      const fusion = await freeze(path, withExperts, data);
      const all = await freeze(path, withExperts);
      expect(fusion.original).toEqual(all.original);
      expect(fusion.reliability.map((scores) => scores.present)).toEqual([present, undefined]);
      const [a, v] = fusion.experts!;
      expect([...a.classes]).toEqual([...all.experts![0].classes].map((c, i) => (present[i] === 1 ? c : -1)));
      expect([a.present, v.present]).toEqual([present, undefined]);
      expect((await fusion.withEvidence(0, Uint32Array.of(1, 0, 2, 3, 4, 5, 6)))!.experts![0].present).toBe(
        present,
      );
    }
    const { shape, values } = expected.columns.Q_a;
    const missing = values.map((value, i) =>
      present[Math.floor((i * ROWS) / values.length)] === 1 ? value : NaN,
    );
    const lacking = { ...dataWith(numbers('Q_a', shape, missing)), presence: [present, undefined] };
    await expect(freeze('single.onnx', fused, lacking)).rejects.toThrow(/row 2/);
    const there = { ...lacking, presence: [present.map((one, i) => (i === 2 ? 1 : one)), undefined] };
    await expect(freeze('single.onnx', fused, there)).rejects.toThrow('is NaN in row 2');
  });

  it('has no evidence to exchange where a modality names no inputs', async () => {
    const modalities = [modality('audio', { inputs: [] }), modality('video')];
    const fusion = await freeze('vectors.onnx', { ...fused, modalities });
    expect(await fusion.withEvidence(0, new Uint32Array(ROWS))).toBeUndefined();
  });

  it('fills inputs that nobody names from the columns of their names, whatever their dtype', async () => {
    const [count, ones] = [expected.fused.length, Array.from({ length: ROWS }, (_, i) => i % 2)];
    const kinds = [
      'double',
      'half',
      'byte',
      'ubyte',
      'short',
      'ushort',
      'int',
      'uint',
      'long',
      'ulong',
      'flag',
    ];
    const data = dataWith(...kinds.map((name) => numbers(name, [ROWS], ones)));
    const wanted = Array.from(
      { length: count },
      (_, k) => expected.fused[k] + kinds.length * ones[Math.floor(k / 3)],
    );
    const outputs = {
      total: wanted,
      total_double: wanted,
      // Of numbers between 8 and 16, float16 keeps 7 binary places.
      total_half: wanted,
      total_long: wanted.map(Math.trunc),
    };
    for (const engine of ['onnxruntime-web', 'onnxruntime-node'] as const) {
      for (const [tensor, values] of Object.entries(outputs)) {
        const fusion = await freeze('dtypes.onnx', { output: { tensor } }, data, engine);
        expect(distance(fusion.original, values), tensor).toBeLessThan(
          tensor === 'total_half' ? 2 ** -7 : 1e-5,
        );
        expect(await fusion.replay(fusion.reliability)).toEqual(fusion.original);
      }
    }
  });

  it('takes fused outputs that training code stored as the original', async () => {
    const stored = numbers('stored', [ROWS, 3], expected.fused);
    const fusion = await freeze(
      'vectors.onnx',
      { output: { tensor: 'fused', column: 'stored' } },
      dataWith(stored),
    );
    expect([...fusion.original]).toEqual(expected.fused);
    expect(distance(await fusion.replay(fusion.reliability), fusion.original)).toBeLessThanOrEqual(
      fusion.tolerance,
    );
    expect(fusion.tolerance).toBeLessThan(1e-2);
  });

  it('runs the whole model where the suffix is not what the model does', async () => {
    const loaded = await load('vectors.onnx');
    const wrong: LoadedModel['cut'] = async (wish) => {
      const cut = await loaded.cut!(wish);
      // Right on Clean-Q, and on any other scores as if they were clean.
      const run: LoadedModel['run'] = (feeds, fetch) => loaded.run({ ...feeds, ...clean }, fetch);
      return { ...cut, suffix: { ...cut.suffix, inputs: loaded.inputs, run } };
    };
    const clean = Object.fromEntries(
      ['Q_a', 'Q_v'].map((name) => [
        name,
        { shape: [ROWS], values: Float32Array.from(expected.columns[name].values) },
      ]),
    );
    const fusion = await freezeModel(
      gateOf('vectors.onnx', fused),
      dataWith(),
      { ...loaded, cut: wrong },
      silentLogger,
    );
    opened.push(fusion);
    expect(distance(await fusion.replay(shuffled(fusion.reliability)), expected.shuffled)).toBeLessThan(1e-6);
    expect(fusion.warnings).toEqual([
      expect.stringMatching(
        /^Cut at its scores, the model "vectors.onnx" gives outputs that differ by up to \d\.\d+: every shuffle ran the whole model instead\.$/,
      ),
    ]);
  });

  it('lets a model that draws random numbers be found out', async () => {
    const fusion = await freeze('random.onnx');
    expect(await fusion.replay(fusion.reliability)).not.toEqual(fusion.original);
    expect(fusion.tolerance).toBe(0);
  });
});
