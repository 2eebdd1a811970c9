import { afterAll, describe, expect, it } from 'vitest';

import type { DiagnosisPlan } from '../../../src/diagnostic/take-measurements.ts';
import { diagnose } from '../../diagnostic/diagnose.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { freezeModel } from '../../../src/model/freeze-model.ts';
import type { FrozenFusion } from '../../../src/model/frozen-fusion.ts';
import {
  binding,
  distance,
  gateOf,
  load,
  modality,
  numbers,
  rowsOf,
  type Wishes,
} from '../fusion-fixture.ts';
import { type Gate, keras, ROWS } from './keras-fixture.ts';

const columns = [numbers('audio', [ROWS, 6], keras.audio), numbers('video', [ROWS, 5], keras.video)];
const scores = [numbers('q_a', [ROWS, 1], keras.q_a), numbers('q_v', [ROWS, 1], keras.q_v)];
const data = rowsOf([...columns, ...scores], ROWS);

const fusions: FrozenFusion[] = [];
afterAll(async () => {
  for (const fusion of fusions) await fusion.close();
});

async function freeze(name: string, wishes: Wishes): Promise<FrozenFusion> {
  const path = `keras/${name}/model.json`;
  const gate = gateOf(path, { output: { tensor: 'fused' }, ...wishes });
  const fusion = await freezeModel(gate, data, await load(path, 'tfjs'), silentLogger);
  fusions.push(fusion);
  return fusion;
}

const each = (scoreOfAudio: string, scoreOfVideo: string): Wishes => {
  const one = (name: string, score: string) =>
    modality(name, {
      inputs: [binding(name)],
      reliability: binding(score, score.replace(/^(q_.):0$/, '$1')),
    });
  return { modalities: [one('audio', scoreOfAudio), one('video', scoreOfVideo)] };
};
const all = (tensor: string): Wishes => {
  const one = (name: string) => modality(name, { inputs: [binding(name)], reliability: undefined });
  const reliability = { ...binding(tensor), order: ['audio', 'video'], axis: 1 as const };
  return { modalities: [one('audio'), one('video')], reliability };
};
const inGraph = (model: string, layer: string): string => `StatefulPartitionedCall/${model}/${layer}`;

/** What tensorflowjs_converter calls the first of several outputs. */
const converted = { output: { tensor: 'Identity:0' } };

const models: readonly [name: string, fusion: string, wishes: Wishes][] = [
  ['scored-layers', 'scored', each('q_a', 'q_v')],
  ['scored-graph', 'scored', { ...each('q_a:0', 'q_v:0'), ...converted }],
  ['router-layers', 'router', all('gate')],
  ['router-layers', 'router', { ...all('gate'), batchSize: 7 }],
  ['router-graph', 'router', { ...all(inGraph('router', 'gate/Softmax')), ...converted }],
  ['router-graph', 'router', { ...all(inGraph('router', 'gate/Softmax')), ...converted, batchSize: 7 }],
  ['trust-layers', 'trust', each('trust_audio', 'trust_video')],
  [
    'trust-graph',
    'trust',
    each(inGraph('trust', 'trust_audio/Sigmoid'), inGraph('trust', 'trust_video/Sigmoid')),
  ],
  ['nested-layers', 'nested', each('judge@0/gate', 'judge@1/gate')],
  [
    'nested-graph',
    'nested',
    each(inGraph('nested', 'judge/gate/Sigmoid_1'), inGraph('nested', 'judge/gate/Sigmoid')),
  ],
];

describe.each(models)('%s, the fusion "%s" (%j)', (name, kind, wishes) => {
  const expected = keras.gates[kind];

  it('has the scores and the outputs that NumPy computes', async () => {
    const fusion = await freeze(name, wishes);
    fusion.reliability.forEach(({ width, values }, m) => {
      expect(width).toBe(1);
      const wanted = expected.scores.filter((_, i) => i % 2 === m);
      expect(distance(values, wanted)).toBeLessThan(2e-6);
    });
    expect(distance(fusion.original, expected.fused)).toBeLessThan(1e-5);
    expect(fusion.warnings).toBeUndefined();
  });

  it('has the gap and the flip rate that NumPy computes on the same shuffles', async () => {
    const fusion = await freeze(name, wishes);
    const labels = Int32Array.from(expected.labels);
    const { gap, flipRate, invalid } = await diagnose(
      fusion,
      labels,
      planOf(fusion, expected.orders),
      silentLogger,
    );
    expect(invalid).toBeNull();
    expect(gap.value).toBeCloseTo(expected.gap, 6);
    expect(flipRate.mean).toBeCloseTo(expected.flipMean, 6);
    expect(flipRate.max).toBeCloseTo(expected.flipMax, 6);
  });

  it('keeps its scores when evidence is exchanged', async () => {
    const fusion = await freeze(name, wishes);
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
    ...gateOf('model.json'),
    permutations: { count: orders.length, secondaryCount: 2, scheme: 'independent', seed: 0, bank },
    reliableWhen: ['high', 'high'],
  };
}

it('replays two scores that one node gives', async () => {
  const fusion = await freeze('parted-graph', each('PartitionedCall/parts', 'PartitionedCall/parts:1'));
  fusion.reliability[0].values.forEach((value, i) => {
    expect(value + fusion.reliability[1].values[i]).toBeCloseTo(1, 6);
  });
  expect(distance(await fusion.replay(fusion.reliability), fusion.original)).toBe(0);
  const swapped = await fusion.replay(fusion.reliability.toReversed());
  expect(distance(swapped, fusion.original)).toBeGreaterThan(0.1);
});

it('replays a loop and a branch', async () => {
  const fusion = await freeze('looped-graph', each('PartitionedCall/early', 'PartitionedCall/late'));
  expect(fusion.engine).toBe('tfjs 4.22.0 (cpu)');
  expect(distance(await fusion.replay(fusion.reliability), fusion.original)).toBe(0);
});
