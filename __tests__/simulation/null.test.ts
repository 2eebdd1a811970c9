import { describe, expect, it } from 'vitest';

import type { RuleName } from '../../src/config/schema.ts';
import { diagnose } from '../diagnostic/diagnose.ts';
import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { randomFor, type Random } from '../../src/diagnostic/random.ts';
import { verdictName } from '../../src/diagnostic/verdict.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeFusion } from '../../src/model/cached-experts/freeze-fusion.ts';
import { fusionGate, inMemory } from '../model/cached-experts/in-memory.ts';

const ALPHA = 0.05;
const DATA_SETS = 500;
/** The 95 % quantile of the share of false alarms when each has the probability alpha. */
const atMost = (sets: number) => ALPHA + 1.645 * Math.sqrt((ALPHA * (1 - ALPHA)) / sets);

const RULES: readonly RuleName[] = ['weighted-mean', 'softmax', 'hard', 'logit-sum'];
const NAMES = ['a', 'b', 'c'];

/** What the score of a modality is on a row, given whether its expert is right there. */
type Score = (isRight: boolean, random: Random, shared: number) => number;

const NOISE: Score = (_, random) => random();
const TRUTHFUL: Score = (isRight, random) => (isRight ? 0.6 : 0.1) + 0.3 * random();
/** Noise that the modalities of a row have in common, mostly: no exchange of one modality's scores alone leaves it as it was. */
const SHARED_NOISE: Score = (_, random, shared) => 0.8 * shared + 0.2 * random();

interface Setting {
  readonly scheme?: 'independent' | 'joint';
  readonly sets?: number;
  /** Joint shuffles beside the independent ones. */
  readonly secondaryCount?: number;
}

/** Diagnoses of simulated data sets that differ in size, number of classes and modalities, rule and metric. */
async function simulate(
  score: Score,
  { scheme = 'independent', sets = DATA_SETS, secondaryCount = 1 }: Setting = {},
): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (let s = 0; s < sets; s++) {
    const random = randomFor('simulation', s);
    const names = NAMES.slice(0, 2 + (s % 2));
    const classes = 2 + 2 * (Math.floor(s / 2) % 2);
    const { labels, columns } = dataSet(80 + (s % 5) * 10, classes, names, score, random);
    const gate = fusionGate(names, { rule: RULES[Math.floor(s / 4) % RULES.length], temperature: 0.2 });
    const fusion = await freezeFusion(gate, inMemory(columns), { temperature: 0.2 });
    const plan = {
      ...gate,
      metric: s % 3 === 0 ? ('balanced-accuracy' as const) : ('accuracy' as const),
      permutations: { count: 99, secondaryCount, scheme, seed: s },
      reliableWhen: names.map(() => 'high' as const),
    };
    diagnoses.push(await diagnose(fusion, labels, plan, silentLogger));
  }
  return diagnoses;
}

/** Experts that are right on 65 % of the rows, with posteriors of varying sharpness, and scores beside them. */
function dataSet(rows: number, classes: number, names: readonly string[], score: Score, random: Random) {
  const labels = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
  const shared = Array.from(labels, () => random());
  const columns: Record<string, readonly number[] | { width: number; values: readonly number[] }> = {};
  for (const name of names) {
    const posteriors: number[] = [];
    const scores: number[] = [];
    labels.forEach((label, i) => {
      const isRight = random() < 0.65;
      const said = isRight ? label : (label + 1 + Math.floor(random() * (classes - 1))) % classes;
      const most = 1 / classes + (1 - 1 / classes) * (0.2 + 0.8 * random());
      for (let c = 0; c < classes; c++) posteriors.push(c === said ? most : (1 - most) / (classes - 1));
      scores.push(score(isRight, random, shared[i]));
    });
    columns[`p_${name}`] =
      classes === 2 ? posteriors.filter((_, at) => at % 2 === 1) : { width: classes, values: posteriors };
    columns[`Q_${name}`] = scores;
  }
  return { labels, columns };
}

type Side = keyof Diagnosis['p'];

const alarms = (diagnoses: readonly Diagnosis[], side: Side = 'oneSided') =>
  diagnoses.filter(({ p }) => p[side] <= ALPHA).length / diagnoses.length;

describe('scores that have nothing to do with the evidence', () => {
  const nothing = simulate(NOISE);

  it.each<Side>(['oneSided', 'otherSide', 'twoSided'])(
    'raise a false alarm on at most 5 % of 500 data sets, within binomial error (p.%s)',
    async (side) => {
      expect(await nothing).toHaveLength(DATA_SETS);
      expect(alarms(await nothing, side)).toBeLessThanOrEqual(atMost(DATA_SETS));
    },
  );

  it('raise one now and then: the test is not merely deaf', async () => {
    // Ties make it conservative, yet far from never.
    expect(alarms(await nothing)).toBeGreaterThan(0.01);
  });

  it('have gaps that are nothing on average', async () => {
    const gaps = (await nothing).map(({ gap }) => gap.value);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / gaps.length));
  });
});

describe('scores that go together across modalities and have nothing to do with the evidence', () => {
  it('raise a false alarm on at most 5 % of data sets, within binomial error, where whole rows are shuffled', async () => {
    const sets = 200;
    const found = await simulate(SHARED_NOISE, { scheme: 'joint', sets });
    expect(alarms(found)).toBeLessThanOrEqual(atMost(sets));
    expect(alarms(found)).toBeGreaterThan(0);
  });

  it('do not pass a gate of independent shuffles either, although these break rows apart', async () => {
    const sets = 200;
    const found = await simulate(SHARED_NOISE, { sets, secondaryCount: 99 });
    const passed =
      found.filter((diagnosis) => verdictName(diagnosis, 0.05) === 'quality-aware').length / sets;
    // The independent test alone is wrong too often here: its null hypothesis is not the one that holds.
    expect(alarms(found)).toBeGreaterThan(atMost(sets));
    expect(passed).toBeLessThanOrEqual(atMost(sets));
  });
});

describe('truthful scores', () => {
  it('are seen in nearly every data set', async () => {
    const found = await simulate(TRUTHFUL, { sets: 100 });
    expect(alarms(found)).toBeGreaterThan(0.9);
    expect(alarms(found, 'otherSide')).toBe(0);
  });

  it('pass, with whole rows shuffled too', async () => {
    const found = await simulate(TRUTHFUL, { sets: 50, secondaryCount: 99 });
    const passed = found.filter((diagnosis) => verdictName(diagnosis, 0.05) === 'quality-aware');
    expect(passed.length / found.length).toBeGreaterThan(0.9);
  });
});
