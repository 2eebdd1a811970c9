import { describe, expect, it } from 'vitest';

import { alignment } from '../../src/diagnostic/alignment.ts';
import { appraise } from '../../src/diagnostic/appraisal.ts';
import { logArrangements } from '../../src/diagnostic/arrangements.ts';
import { headroomByExample } from '../../src/diagnostic/best-of-experts.ts';
import { bankedScores, shuffledScores, uniformScores } from '../../src/diagnostic/broken-scores.ts';
import { cellsOf } from '../../src/diagnostic/cells.ts';
import { targetsOf } from '../../src/diagnostic/examples.ts';
import { aloneRows, exchangeFacts } from '../../src/diagnostic/exchange-facts.ts';
import type { Exchange } from '../../src/diagnostic/exchange.ts';
import { chanceMatchedOracle, competitiveness, oracleHits } from '../../src/diagnostic/headroom.ts';
import { findLeakage } from '../../src/diagnostic/leakage/find-leakage.ts';
import { exchangeFor } from '../../src/diagnostic/presence.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import {
  canTell,
  chanceAuroc,
  levelsOf,
  mixedScores,
  truthfulScores,
} from '../../src/diagnostic/truthful-scores.ts';
import { classesAlone } from '../../src/diagnostic/gauge-units.ts';
import type { ExpertOutput, ModalityScores, Reliability } from '../../src/model/frozen-fusion.ts';

const SCHEMES = ['independent', 'joint'] as const;
type Scheme = (typeof SCHEMES)[number];

/** Six rows: a is absent on two of them, and v on two others. */
const A = [1, 1, 0, 1, 1, 0];
const V = [1, 0, 1, 1, 1, 1];
const scores = (values: readonly number[], present: readonly number[], width = 1): ModalityScores => ({
  width,
  values: Float64Array.from(values),
  present: Uint8Array.from(present),
});
const SIX: Reliability = [scores([1, 2, NaN, 4, 5, -6], A), scores([10, NaN, 30, 40, 50, 60], V)];

const EXCHANGES: readonly (readonly [string, Exchange])[] = [
  ['all rows', {}],
  ['rows within groups', { within: Int32Array.of(0, 0, 0, 1, 1, 1) }],
  ['whole blocks', { whole: Int32Array.of(0, 0, 1, 1, 2, 2) }],
];

function ordersOf(size: number): number[][] {
  if (size === 0) return [[]];
  return ordersOf(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}

/** Every order of the rows that an exchange allows to scores of these patterns, from its definition. */
function allowed(patterns: readonly string[], { within, whole }: Exchange): number[][] {
  const size = patterns.length;
  const blockOf = (row: number) => whole?.[row] ?? row;
  const rowsOf = (block: number) => [...patterns.keys()].filter((i) => blockOf(i) === block);
  return ordersOf(size).filter((order) =>
    order.every((from, to) => {
      const [a, b] = [rowsOf(blockOf(from)), rowsOf(blockOf(to))];
      const isWhole = a.length === b.length && b.every((row, i) => order[row] === a[i]);
      return isWhole && patterns[from] === patterns[to] && (!within || within[from] === within[to]);
    }),
  );
}

/** Every outcome of a shuffle of both modalities, as text. */
function outcomes(reliability: Reliability, scheme: Scheme, exchange: Exchange): Set<string> {
  const patterns = A.map((a, i) => `${a}${V[i]}`);
  const moved = ({ values, present }: ModalityScores, order: readonly number[]): string =>
    order.map((from, to) => (present![to] === 1 ? values[from] : values[to])).join();
  if (scheme === 'joint') {
    const orders = allowed(patterns, exchange);
    return new Set(orders.map((order) => reliability.map((one) => moved(one, order)).join(';')));
  }
  const [a, v] = reliability.map((one) => [
    ...new Set(allowed(Array.from(one.present!, String), exchange).map((order) => moved(one, order))),
  ]);
  return new Set(a.flatMap((ofA) => v.map((ofV) => `${ofA};${ofV}`)));
}

describe.each(SCHEMES)('%s shuffles among rows on which modalities are present', (scheme) => {
  it.each(EXCHANGES)('reach every arrangement of %s, and move nothing else', (_, exchange) => {
    const wanted = outcomes(SIX, scheme, exchange);
    const draws = Math.max(200, 12 * wanted.size);
    const plan = { scheme, count: draws, seed: 5, stream: 'shuffle', ...exchange };
    const broken = shuffledScores(SIX, ['a', 'v'], plan);
    const found = new Set<string>();
    for (let k = 0; k < draws; k++) {
      found.add(
        broken
          .draw(k)
          .map(({ values }) => values.join())
          .join(';'),
      );
    }
    expect([...found].sort()).toEqual([...wanted].sort());
  });

  it.each(EXCHANGES)('are counted: %s', (_, exchange) => {
    const count = outcomes(SIX, scheme, exchange).size;
    expect(logArrangements(SIX, scheme, exchange)).toBeCloseTo(Math.log(count), 12);
  });

  it('keep vectors whole', () => {
    const wide = [scores([1, 2, 3, 4, NaN, NaN, 7, 8], [1, 1, 0, 1], 2)];
    const broken = shuffledScores(wide, ['a'], { scheme, count: 99, seed: 0, stream: 's' });
    const found = new Set(Array.from({ length: 99 }, (_, k) => broken.draw(k)[0].values.join()));
    const pairs = ['1,2', '3,4', '7,8'];
    const orders = ordersOf(3).map(([i, j, k]) => [pairs[i], pairs[j], 'NaN,NaN', pairs[k]].join());
    expect([...found].sort()).toEqual(orders.sort());
  });

  it('are as they always were where all are present', () => {
    const all = SIX.map(({ width, values }) => ({ width, values: values.map((_, i) => i) }));
    const marked = all.map((one) => ({ ...one, present: new Uint8Array(6).fill(1) }));
    const plan = { scheme, count: 20, seed: 1, stream: 'shuffle' };
    const [plain, other] = [all, marked].map((given) => shuffledScores(given, ['a', 'v'], plan));
    for (let k = 0; k < 20; k++) {
      expect(other.draw(k).map(({ values }) => values)).toEqual(plain.draw(k).map(({ values }) => values));
    }
  });
});

it.each(EXCHANGES)('joint shuffles keep a row together wherever its pattern stands: %s', (_, exchange) => {
  // Before the rows with both come three with a alone and one with v alone, which take other numbers of random draws.
  const [a, v] = [
    [1, 1, 0, 1, 1, 1],
    [0, 0, 1, 1, 0, 1],
  ];
  const given = [scores([0, 1, 2, 3, 4, 5], a), scores([10, 11, 12, 13, 14, 15], v)];
  const plan = { scheme: 'joint', count: 50, seed: 9, stream: 'joint', ...exchange } as const;
  const broken = shuffledScores(given, ['a', 'v'], plan);
  for (let k = 0; k < 50; k++) {
    const [ofA, ofV] = broken.draw(k).map(({ values }) => [...values]);
    for (const row of [3, 5]) expect(ofV[row]).toBe(ofA[row] + 10);
  }
});

describe('what is not shuffled', () => {
  it('is what a bank has where a modality is absent', () => {
    const bank = [0, 1].map(() => Float64Array.from({ length: 12 }, (_, i) => 100 + i));
    const broken = bankedScores(SIX, bank, 2);
    expect([...broken.draw(1)[0].values]).toEqual([106, 107, NaN, 109, 110, -6]);
    expect([...broken.draw(1, 0)[1].values]).toEqual([...SIX[1].values]);
  });

  it('is no part of No-Q: the pooled mean of present scores, in their places', () => {
    const mean = (1 + 2 + 4 + 5 + 10 + 30 + 40 + 50 + 60) / 9;
    const [a, v] = uniformScores(SIX, 'mean');
    expect([...a.values]).toEqual([mean, mean, NaN, mean, mean, -6]);
    expect([...v.values]).toEqual([mean, NaN, mean, mean, mean, mean]);
    expect([...uniformScores(SIX, 0.5)[0].values]).toEqual([0.5, 0.5, NaN, 0.5, 0.5, -6]);
    const folds = { of: Int32Array.of(0, 0, 1, 1, 1, 1), names: ['x', 'y'], repeats: [[0, 1]] };
    expect(uniformScores(SIX, 'mean', folds)[0].values[0]).toBe((1 + 2 + 10) / 3);
  });
});

describe('what changes places', () => {
  const within = Int32Array.of(0, 0, 1, 1, 2, 2);
  const facts = (scheme: Scheme) => exchangeFacts(SIX, 6, { within, withinWhat: ['block'] }, scheme);

  it('tells what no shuffle of any modality moves', () => {
    // a moves on rows 0 and 1; v on rows 2 and 3, and 4 and 5.
    expect(facts('independent')).toMatchObject({ units: 6, groups: 3, alone: 0, unchanged: 0 });
    // Patterns: av a v av av v: every row is alone in its group.
    expect(facts('joint')).toMatchObject({ units: 6, groups: 3, alone: 6, unchanged: 0 });
  });

  it('names rows whose pattern is their own', () => {
    expect(aloneRows(SIX, 6, { scheme: 'independent' })).toEqual([]);
    expect(aloneRows(SIX, 6, { scheme: 'joint' })).toEqual([1]);
  });
});

/** Expert that says these classes where it is present, surely. */
const expert = (said: readonly number[], present: readonly number[]): ExpertOutput => ({
  classes: Int32Array.from(said, (c, i) => (present[i] === 1 ? c : -1)),
  posteriors: Float64Array.from(said.flatMap((c) => [0.9 - 0.8 * c, 0.1 + 0.8 * c])),
  present: Uint8Array.from(present),
});
const LABELS = Int32Array.of(1, 1, 1, 0, 0, 0);
const EXPERTS = [expert([1, 0, 1, 0, 1, 0], A), expert([0, 1, 1, 0, 0, 1], V)];

describe('absent experts', () => {
  it('are never right, and no part of the oracle', () => {
    // Row 1: a is wrong and v absent. Row 5: v is wrong and a absent. The other four have one that is right.
    const cells = cellsOf(LABELS, 2);
    expect([...oracleHits(EXPERTS, cells)]).toEqual([2, 2]);
  });

  it('are no part of the chance-matched oracle, by enumeration of who is right where', () => {
    const rightIn = ({ classes, present }: ExpertOutput, c: number): [rows: number[], right: number[]] => {
      const rows = [...LABELS.keys()].filter((i) => LABELS[i] === c && present![i] === 1);
      return [rows, rows.map((i) => Number(classes[i] === LABELS[i]))];
    };
    let [sum, count] = [0, 0];
    for (const c of [0, 1]) {
      const [[rowsA, rightA], [rowsV, rightV]] = EXPERTS.map((one) => rightIn(one, c));
      const ways = ordersOf(rowsA.length).flatMap((a) => ordersOf(rowsV.length).map((v) => [a, v]));
      for (const [a, v] of ways) {
        const right = new Set([
          ...rowsA.filter((_, i) => rightA[a[i]] === 1),
          ...rowsV.filter((_, i) => rightV[v[i]] === 1),
        ]);
        sum += right.size / ways.length;
      }
      count += 3;
    }
    expect(chanceMatchedOracle(EXPERTS, cellsOf(LABELS, 2), 'accuracy')).toBeCloseTo(sum / count, 12);
  });

  it('leave rows with fewer than two out of the competitiveness', () => {
    // Both are present on rows 0, 3 and 4, where a gives the true class 0.9, 0.9, 0.1 and v 0.1, 0.9, 0.9.
    const found = competitiveness(EXPERTS, LABELS, 2)!;
    expect(found.median).toBeCloseTo(0.8, 12);
    expect(found.massBelow).toBeCloseTo(1 / 3, 12);
    expect(found.disagreement).toBeCloseTo(2 / 3, 12);
    expect(
      competitiveness([EXPERTS[0], expert([1, 1, 1, 1, 1, 1], [0, 0, 1, 0, 0, 1])], LABELS, 2),
    ).toBeNull();
  });

  it('leave their rows out of the alignment', () => {
    const appraisals = appraise(EXPERTS, targetsOf({ labels: LABELS }, 2));
    const found = alignment(SIX, appraisals, ['a', 'v'], ['high', 'high']);
    // a: scores 1 2 4 5, right 1 0 1 0: of 4 pairs the score orders (4 over 2) alone.
    expect(found.a.auroc).toBe(1 / 4);
    // v: scores 10 30 40 50 60, right 0 1 1 1 0: of 6 pairs (30, 40, 50 over 10).
    expect(found.v.auroc).toBe(1 / 2);
    // -1 / (sqrt(10) sqrt(1)), and 6 / (sqrt(1480) sqrt(1.2)).
    expect(found.a.pearson).toBeCloseTo(-1 / Math.sqrt(10), 12);
    expect(found.v.pearson).toBeCloseTo(6 / Math.sqrt(1480 * 1.2), 12);
  });

  it('of values are never the nearest', () => {
    const said = [
      {
        ...classesAlone(new Int32Array(3)),
        values: Float64Array.of(0, 0, 5),
        present: Uint8Array.of(1, 0, 1),
      },
      {
        ...classesAlone(new Int32Array(3)),
        values: Float64Array.of(2, 3, 1),
        present: Uint8Array.of(1, 1, 0),
      },
    ];
    const targets = targetsOf({ values: Float64Array.of(0, 0, 0) }, 1);
    const found = headroomByExample('mae', targets, said, 10)!;
    expect(found.oracle).toBeCloseTo((0 + 3 + 5) / 3, 12);
    // By chance: first row the smaller of one of {0, 5} and one of {2, 3}, then the means 2.5 and 2.5 alone.
    const both = (0 + 0 + 2 + 3) / 4;
    expect(found.chanceMatched).toBeCloseTo(10 - (both + 2.5 + 2.5) / 3, 12);
    const appraisals = appraise(
      said.map(({ classes, values, present }) => ({ classes, values, present })),
      targets,
    );
    expect(appraisals.map(({ isTrusted }) => [...isTrusted])).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
  });
});

describe('truthful scores', () => {
  const levels = SIX.map((one) => levelsOf(one, [0, 1], 'high'));
  const truths = {
    modalities: ['a', 'v'],
    truth: [Float64Array.of(1, 0, 1, 1, 0, 1), Float64Array.of(0, 1, 1, 1, 0, 0)],
    levels,
    tested: [0, 1],
  };

  it('have levels of present scores, and leave the other places alone', () => {
    expect([levels[0].trusted[0], levels[0].distrusted[0]]).toEqual([5, 1]);
    const [a, v] = truthfulScores(truths);
    expect([...a.values]).toEqual([5, 1, NaN, 5, 1, -6]);
    expect([...v.values]).toEqual([10, NaN, 60, 60, 10, 10]);
    expect(a.present).toBe(SIX[0].present);
  });

  it.each(SCHEMES)('are mixed among present rows (%s)', (scheme) => {
    for (let repeat = 0; repeat < 50; repeat++) {
      const mixed = mixedScores(truths, 0.5, repeat, { scheme, seed: 3, stream: 'x' });
      mixed.scores.forEach(({ values }, m) => {
        SIX[m].present!.forEach((isPresent, i) => {
          if (isPresent === 0) expect(values[i]).toBe(SIX[m].values[i]);
        });
        const trusted = (of: Float64Array) =>
          [...of].filter((value) => value === levels[m].trusted[0]).length;
        expect(trusted(values)).toBe(trusted(truthfulScores(truths)[m].values));
      });
    }
  });

  it.each(SCHEMES)('tell by chance what the mean over all their arrangements does (%s)', (scheme) => {
    const patterns = A.map((a, i) => `${a}${V[i]}`);
    const aurocs = truths.truth.map((truth, m) => {
      const present = SIX[m].present!;
      const orders = allowed(scheme === 'joint' ? patterns : Array.from(present, String), {});
      const rows = [...present.keys()].filter((i) => present[i] === 1);
      const one = (order: readonly number[]): number => {
        let [sum, pairs] = [0, 0];
        for (const i of rows) {
          for (const j of rows) {
            if (truth[i] <= truth[j]) continue;
            pairs++;
            sum += (Math.sign(truth[order[i]] - truth[order[j]]) + 1) / 2;
          }
        }
        return sum / pairs;
      };
      return orders.reduce((sum, order) => sum + one(order) / orders.length, 0);
    });
    expect(chanceAuroc(truths, { scheme })).toBeCloseTo((aurocs[0] + aurocs[1]) / 2, 12);
  });

  it('cannot be told where they differ on absent rows alone', () => {
    const truth = Float64Array.of(1, 1, 0, 1, 1, 0);
    expect(canTell(truth, levels[0], exchangeFor(levels, 0, { scheme: 'independent' }))).toBe(false);
    expect(canTell(truth.with(0, 0), levels[0], exchangeFor(levels, 0, { scheme: 'independent' }))).toBe(
      true,
    );
  });
});

describe('leakage', () => {
  it('is looked for where the modality is present', () => {
    const rows = 120;
    const random = randomFor('leakage of present scores');
    const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
    const present = Uint8Array.from({ length: rows }, (_, i) => Number(i % 3 > 0));
    const p = Float64Array.from({ length: rows }, () => random());
    // The score is the largest probability wherever it is one; elsewhere it is anything.
    const values = p.map((one, i) => (present[i] === 1 ? Math.max(one, 1 - one) : NaN));
    const output = {
      classes: Int32Array.from(p, (one, i) => (present[i] === 1 ? Number(one > 0.5) : -1)),
      posteriors: Float64Array.from([...p].flatMap((one) => [1 - one, one])),
      present,
    };
    const noise = Float64Array.from({ length: rows }, () => random());
    const set = {
      modalities: ['a', 'v'],
      reliability: [
        { width: 1, values, present },
        { width: 1, values: noise },
      ],
      experts: [output, { classes: labels, posteriors: new Float64Array(2 * rows).fill(0.5) }],
      withoutScores: { classes: labels },
      labels,
      classes: 2,
    };
    expect(findLeakage(set).map(({ check, modality }) => [check, modality])).toEqual([['prediction', 'a']]);
  });
});
