import { describe, expect, it } from 'vitest';

import { countHits, cellsOf } from '../../src/diagnostic/cells.ts';
import { shuffledScores } from '../../src/diagnostic/broken-scores.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeFusion } from '../../src/model/cached-experts/freeze-fusion.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import { makeDraws } from '../../src/parallel/draw-task.ts';
import { share } from '../../src/parallel/share.ts';
import { fusionGate, inMemory } from '../model/cached-experts/in-memory.ts';
import { diagnose } from './diagnose.ts';
import { stubPlan } from './stub-fusion.ts';

const NAMES = ['a', 'v'];

interface Rows {
  readonly labels: readonly number[];
  /** Per modality: classes that the expert says, its scores, and where it is present. */
  readonly says: readonly (readonly number[])[];
  readonly scores: readonly (readonly number[])[];
  readonly present: readonly (readonly number[])[];
}

function frozen(
  { says, scores, present }: Rows,
  rule: 'hard' | 'weighted-mean' = 'hard',
): Promise<FrozenFusion> {
  const columns = Object.fromEntries(
    NAMES.flatMap((name, m) => [
      [`Q_${name}`, scores[m].map((score, i) => (present[m][i] === 1 ? score : NaN))],
      [`p_${name}`, says[m].map((c, i) => (present[m][i] === 1 ? 0.1 + 0.8 * c : NaN))],
    ]),
  );
  const data = { ...inMemory(columns), presence: present.map((own) => Uint8Array.from(own)) };
  return freezeFusion(fusionGate(NAMES, { rule }), data, { temperature: 1 });
}

/** Six rows of which two have no a and two no v. */
const SIX: Rows = {
  labels: [1, 0, 1, 1, 0, 0],
  says: [
    [1, 1, 0, 1, 0, 0],
    [0, 0, 1, 0, 1, 0],
  ],
  scores: [
    [0.9, 0.2, 0, 0.8, 0.6, 0],
    [0.3, 0, 0.5, 0.7, 0.1, 0.4],
  ],
  present: [
    [1, 1, 0, 1, 1, 0],
    [1, 0, 1, 1, 1, 1],
  ],
};

function ordersOf(size: number): number[][] {
  if (size === 0) return [[]];
  return ordersOf(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}

/** Right predictions of the rule that trusts the larger score of those that are present. */
function hitsOf({ labels, says, present }: Rows, scores: readonly (readonly number[])[]): number {
  return labels.filter((label, i) => {
    const [a, v] = scores.map((own, m) => (present[m][i] === 1 ? own[i] : -Infinity));
    return says[a >= v ? 0 : 1][i] === label;
  }).length;
}

/** Scores of one modality in every order of the rows that it is present on. */
function arrangements(scores: readonly number[], present: readonly number[]): number[][] {
  const rows = [...present.keys()].filter((i) => present[i] === 1);
  return ordersOf(rows.length).map((order) => {
    const moved = [...scores];
    order.forEach((from, to) => (moved[rows[to]] = scores[rows[from]]));
    return moved;
  });
}

/** The same of whole rows, in every order of the rows of one pattern. */
function jointArrangements({ scores, present }: Rows): number[][][] {
  const patternOf = (i: number) => present.map((own) => own[i]).join('');
  const orders = ordersOf(6).filter((order) => order.every((from, to) => patternOf(from) === patternOf(to)));
  return orders.map((order) => scores.map((own) => order.map((from) => own[from])));
}

function exact(rows: Rows, all: readonly number[][][]): { p: number; mean: number } {
  const clean = hitsOf(rows, rows.scores);
  const hits = all.map((scores) => hitsOf(rows, scores));
  return {
    p: hits.filter((hit) => hit >= clean).length / hits.length,
    mean: hits.reduce((sum, hit) => sum + hit, 0) / hits.length / rows.labels.length,
  };
}

describe('rows on which modalities are absent', () => {
  it.each(['independent', 'joint'] as const)(
    'have the p and the mean of all arrangements (%s)',
    async (scheme) => {
      const [a, v] = SIX.scores.map((own, m) => arrangements(own, SIX.present[m]));
      const pairs = a.flatMap((ofA) => v.map((ofV) => [ofA, ofV]));
      const { p, mean } = exact(SIX, scheme === 'joint' ? jointArrangements(SIX) : pairs);
      const count = 4000;
      const plan = stubPlan(2, { permutations: { count, secondaryCount: 99, scheme, seed: 11 } });
      const found = await diagnose(await frozen(SIX), Int32Array.from(SIX.labels), plan, silentLogger);
      expect(Math.abs(found.p.oneSided - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count) + 1 / count);
      expect(Math.abs(found.broken.mean!.accuracy - mean)).toBeLessThan((4 * 0.5) / Math.sqrt(count));
    },
  );

  it('exchange evidence with rows on which the modality is present alone', async () => {
    const rows = simulated(60, 3);
    const fusion = await frozen(rows);
    const sources: [number, Uint32Array][] = [];
    const watched: FrozenFusion = {
      ...fusion,
      withEvidence: (m, source) => {
        sources.push([m, source]);
        return fusion.withEvidence(m, source);
      },
    };
    const plan = stubPlan(2, {
      permutations: { count: 19, secondaryCount: 39, scheme: 'independent', seed: 2 },
    });
    await diagnose(watched, Int32Array.from(rows.labels), plan, silentLogger);
    expect(sources).toHaveLength(2);
    for (const [m, source] of sources) {
      const moved = [...source.keys()].filter((i) => source[i] !== i);
      // Rows with that modality alone have nothing to trust instead: no score could make up for what is spoilt.
      const both = rows.labels.filter((_, i) => rows.present[0][i] === 1 && rows.present[1][i] === 1);
      expect(moved.length).toBe(Math.floor(both.length / 2));
      for (const i of [...moved, ...moved.map((i) => source[i])]) {
        expect([rows.present[m][i], rows.present[1 - m][i]]).toEqual([1, 1]);
      }
    }
  });

  it('exchange evidence in whole blocks with rows on which the modality is present alone', async () => {
    const rows = simulated(60, 5);
    const fusion = await frozen(rows);
    const sources: [number, Uint32Array][] = [];
    const watched: FrozenFusion = {
      ...fusion,
      withEvidence: (m, source) => {
        sources.push([m, source]);
        return fusion.withEvidence(m, source);
      },
    };
    const permutations = { count: 19, secondaryCount: 39, scheme: 'joint', seed: 2 } as const;
    // Blocks of four rows have the patterns of the block three further on.
    const whole = Int32Array.from(rows.labels, (_, i) => Math.floor(i / 4));
    const examples = { labels: Int32Array.from(rows.labels), whole, clusters: whole };
    await takeMeasurements(watched, examples, stubPlan(2, { permutations }), silentLogger);
    expect(sources).toHaveLength(2);
    for (const [m, source] of sources) {
      const moved = [...source.keys()].filter((i) => source[i] !== i);
      expect(moved.length).toBeGreaterThan(5);
      for (const i of moved) {
        expect([rows.present[m][i], rows.present[m][source[i]]]).toEqual([1, 1]);
        expect([rows.present[1 - m][i], rows.present[1 - m][source[i]]]).toEqual([1, 1]);
      }
    }
  });

  it('are drawn alike in another thread', async () => {
    const rows = simulated(50, 4);
    const fusion = await frozen(rows, 'weighted-mean');
    const { reliability, recipe } = fusion;
    const plan = { scheme: 'independent', count: 30, seed: 1, stream: 'shuffle' } as const;
    const broken = shuffledScores(reliability, NAMES, plan);
    const cells = cellsOf(Int32Array.from(rows.labels), 2);
    const clean = (await fusion.predict(reliability)).slice();
    const task = {
      ...share({ recipe: recipe!, source: broken.source!, cells, clean }),
      range: { from: 0, until: 30 },
      begun: new Int32Array(new SharedArrayBuffer(4)),
      hits: new Uint32Array(60),
      flipped: new Uint32Array(30),
      slices: [],
    };
    makeDraws(task);
    const here: number[] = [];
    for (let k = 0; k < 30; k++) here.push(...countHits(await fusion.predict(broken.draw(k)), cells));
    expect([...task.hits]).toEqual(here);
  });

  it.each(['independent', 'joint'] as const)(
    'raise a false alarm on at most 5 % of data sets without influence, within binomial error (%s)',
    async (scheme) => {
      const sets = 150;
      let [alarms, jointAlarms] = [0, 0];
      for (let s = 0; s < sets; s++) {
        const rows = simulated(70 + (s % 5) * 10, s);
        const permutations = { count: 99, secondaryCount: 99, scheme, seed: s };
        const plan = stubPlan(2, {
          permutations,
          interval: { method: 'percentile', confidence: 0.95, resamples: 100 },
        });
        const fusion = {
          ...(await frozen(rows, s % 2 === 0 ? 'hard' : 'weighted-mean')),
          experts: undefined,
        };
        const still = { ...fusion, withEvidence: () => Promise.resolve(undefined) };
        const { p, joint } = await diagnose(still, Int32Array.from(rows.labels), plan, silentLogger);
        alarms += Number(p.oneSided <= 0.05);
        jointAlarms += Number((joint?.p ?? 1) <= 0.05);
      }
      const most = 0.05 + 1.645 * Math.sqrt((0.05 * 0.95) / sets);
      expect(alarms / sets).toBeLessThanOrEqual(most);
      expect(jointAlarms / sets).toBeLessThanOrEqual(most);
      expect(alarms).toBeGreaterThan(0);
    },
  );
});

/** Scores are noise; a third of the rows each has both modalities, a alone and v alone. */
function simulated(count: number, seed: number): Rows {
  const random = randomFor('available rows', seed);
  const labels = Array.from({ length: count }, () => Number(random() < 0.5));
  const both = labels.map((_, i) => i % 3 === 0);
  const present = [0, 1].map((m) => labels.map((_, i) => Number(both[i] || (i % 3 === 1) === (m === 0))));
  const says = [0, 1].map(() => labels.map((y) => (random() < 0.65 ? y : 1 - y)));
  return { labels, says, present, scores: [0, 1].map(() => labels.map(() => random())) };
}
