import { describe, expect, it } from 'vitest';

import { conclude } from '../../src/diagnostic/conclude.ts';
import type { DiagnosisPlan } from '../../src/diagnostic/take-measurements.ts';
import { diagnose } from './diagnose.ts';
import { joinMeasurements } from '../../src/diagnostic/join-measurements.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { drawsOf } from '../../src/diagnostic/shard.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import { ignoreScores, pickLarger, stubFusion, stubPlan, type Stub } from './stub-fusion.ts';

describe('the draws of a shard', () => {
  it('are all draws, one shard behind the other, for any number of shards', () => {
    for (const count of [1, 2, 7, 99, 1000]) {
      for (const of of [1, 2, 3, 8, 256]) {
        const ranges = Array.from({ length: of }, (_, i) => drawsOf(count, { index: i + 1, of }));
        const draws = ranges.flatMap(({ from, until }) =>
          Array.from({ length: until - from }, (_, i) => from + i),
        );
        expect(draws).toEqual(Array.from({ length: count }, (_, k) => k));
        const sizes = ranges.map(({ from, until }) => until - from);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('are all of them without a shard', () => {
    expect(drawsOf(12)).toEqual({ from: 0, until: 12 });
  });
});

/** Rows whose experts are right by chance, with scores that half tell. */
function stubOf(key: string, changes: Partial<Stub> = {}, modalities = 2, rows = 60) {
  const random = randomFor('shards', key);
  const labels = Array.from({ length: rows }, () => Math.floor(random() * 2));
  const predicted = Array.from({ length: modalities }, () =>
    labels.map((label) => (random() < 0.65 ? label : 1 - label)),
  );
  const scores = predicted.map((classes) =>
    classes.map((it, i) => 0.4 * Number(it === labels[i]) + 0.6 * random()),
  );
  const stub: Stub = { rule: pickLarger, predicted, scores, ...changes };
  return { fusion: stubFusion(stub), labels: Int32Array.from(labels) };
}

const single: Stub['rule'] = ([score], [it]) => (score > 0.5 ? it : 1 - it);
const PERMUTATIONS = { count: 99, secondaryCount: 40, scheme: 'independent', seed: 3 } as const;

const CASES: Record<string, { changes?: Partial<Stub>; modalities?: number; plan?: Partial<DiagnosisPlan> }> =
  {
    'an ordinary case': {},
    'balanced accuracy': { plan: { metric: 'balanced-accuracy' } },
    'joint shuffles': { plan: { permutations: { ...PERMUTATIONS, scheme: 'joint' } } },
    'fewer shuffles than shards': {
      plan: { permutations: { ...PERMUTATIONS, count: 2, secondaryCount: 1 } },
    },
    'three modalities': { modalities: 3 },
    'a single modality': { modalities: 1, changes: { rule: single } },
    'no experts': { changes: { hideExperts: true } },
    'no evidence of its own': { changes: { sharedEvidence: true } },
    neither: { changes: { hideExperts: true, sharedEvidence: true } },
    'a rule that ignores scores': { changes: { rule: ignoreScores } },
  };

async function joined(fusion: FrozenFusion, labels: Int32Array, plan: DiagnosisPlan, of: number) {
  const shards = [];
  for (let index = 1; index <= of; index++) {
    shards.push(await takeMeasurements(fusion, { labels }, plan, silentLogger, { shard: { index, of } }));
  }
  return conclude(joinMeasurements(shards), plan);
}

describe('shards, joined,', () => {
  describe.each(Object.entries(CASES))('of %s', (key, { changes, modalities = 2, plan: changed }) => {
    const { fusion, labels } = stubOf(key, changes, modalities);
    const plan = stubPlan(modalities, { permutations: PERMUTATIONS, ...changed });

    it.each([1, 2, 3, 8])('are the diagnosis of one run: %d', async (of) => {
      const whole = await diagnose(fusion, labels, plan, silentLogger);
      expect(await joined(fusion, labels, plan, of)).toEqual(whole);
    });
  });

  it('take each draw of a bank once', async () => {
    const { fusion, labels } = stubOf('bank');
    const random = randomFor('bank');
    const bank = fusion.reliability.map(() => new Float64Array(60 * 11).map(random));
    const plan = stubPlan(2, { permutations: { ...PERMUTATIONS, count: 11, bank } });
    expect(await joined(fusion, labels, plan, 4)).toEqual(await diagnose(fusion, labels, plan, silentLogger));
  });

  it('are invalid where one of them is', async () => {
    const { fusion, labels } = stubOf('invalid');
    const plan = stubPlan(2, { permutations: PERMUTATIONS });
    const broken = { ...fusion, replay: () => Promise.resolve(new Float64Array(3)) };
    const shards = await Promise.all(
      [fusion, broken].map((one, i) =>
        takeMeasurements(one, { labels }, plan, silentLogger, { shard: { index: i + 1, of: 2 } }),
      ),
    );
    expect(conclude(joinMeasurements(shards), plan).invalid).toContain('has 3 numbers');
  });

  it('are the diagnosis of one run, whatever the sizes are', async () => {
    const random = randomFor('sizes');
    const upTo = (most: number) => 1 + Math.floor(random() * most);
    for (let trial = 0; trial < 40; trial++) {
      const modalities = 1 + upTo(2);
      const { fusion, labels } = stubOf(`trial ${trial}`, {}, modalities, 3 + upTo(30));
      const plan = stubPlan(modalities, {
        metric: random() < 0.5 ? 'accuracy' : 'balanced-accuracy',
        permutations: { ...PERMUTATIONS, count: upTo(50), secondaryCount: upTo(30), seed: trial },
        interval: { method: 'bca', confidence: 0.9, resamples: 20 },
      });
      const whole = await diagnose(fusion, labels, plan, silentLogger);
      expect(await joined(fusion, labels, plan, upTo(12))).toEqual(whole);
    }
  });
});

describe('a fusion that predicts several draws at a time', () => {
  it.each([1, 7, 64])('gives the same, %d at a time', async (size) => {
    const { fusion, labels } = stubOf('stacked');
    const plan = stubPlan(2, { permutations: PERMUTATIONS });
    const sizes: number[] = [];
    const stacked: FrozenFusion['stacked'] = {
      size,
      replay: (scores) => {
        sizes.push(scores.length);
        return Promise.all(scores.map((one) => fusion.replay(one)));
      },
      predict: (scores) => {
        sizes.push(scores.length);
        return Promise.all(scores.map((one) => fusion.predict(one)));
      },
    };
    const diagnosis = await diagnose({ ...fusion, stacked }, labels, plan, silentLogger);
    expect(diagnosis).toEqual(await diagnose(fusion, labels, plan, silentLogger));
    // 99 shuffles, 40 of each modality, 40 joint ones, 40 truthful ones shuffled and 60 doses.
    const draws = [99, 40, 40, 40, 40, 60];
    const stacks = (count: number) => Math.ceil(count / size);
    expect(sizes).toHaveLength(draws.reduce((sum, count) => sum + stacks(count), 0));
    expect(Math.max(...sizes)).toBe(Math.min(size, 99));
  });
});
