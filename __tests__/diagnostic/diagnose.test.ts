import { describe, expect, it } from 'vitest';

import type { DiagnosisPlan } from '../../src/diagnostic/take-measurements.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { judge } from '../../src/diagnostic/verdict.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import { ignoreScores, pickLarger, stubFusion, stubPlan, type Stub } from './stub-fusion.ts';

const RULES = { controlThreshold: 0.05, failOnInconclusive: true };

/** Binary data in which a modality's score tells, with probability `truth`, whether its expert is right. */
function generate(rows: number, modalities: number, truth: number, key = 'data') {
  const labels = Array.from({ length: rows }, (_, i) => i % 2);
  const random = Array.from({ length: modalities }, (_, m) => randomFor(key, m));
  const right = random.map((draw) => labels.map(() => draw() < 0.65));
  const predicted = right.map((values) => values.map((isRight, i) => (isRight ? labels[i] : 1 - labels[i])));
  const scores = right.map((values, m) =>
    values.map((isRight) => (random[m]() < truth ? (isRight ? 0.6 : 0.1) : 0.35) + 0.3 * random[m]()),
  );
  return { labels, predicted, scores };
}

const run = (fusion: FrozenFusion, labels: readonly number[], changes: Partial<DiagnosisPlan> = {}) =>
  diagnose(fusion, Int32Array.from(labels), stubPlan(fusion.modalities.length, changes), silentLogger);

const MAY_BE_NULL =
  /^(folds|acrossFolds|experts|expertMetric|movement|headroom|competitiveness|joint|exact\.joint|alignment|alignment\.\w+\.(pearson|spearman|auroc)|controls\.(correctness|corruption)(\.requiredAuroc|\.requiredAurocInterval|\.requiredAurocInterval\.upper)?|invalid|headroom\.realised|power\.examplesNeeded|pIntervals\.(joint|correctness|corruption)|(arms|remedies\.tried)\.\d+\.(found|leftOut|modality)|calibration|calibration\.\w+\.(found|leftOut|found\.error))$/;
const IN_UNIT =
  /^(clean|uniform|experts\.\w+|broken\.(mean|std))\.|^broken\.values|^flipRate|^p\.|\.p$|auroc|oracle|massBelow|disagreement|dose$/i;
const IN_SIGNED_UNIT = /^gap|\.gap$|headroom\.(value|chance)|pearson|spearman|competitiveness/i;

/** No number is NaN or infinite, nothing is null that the type does not let be, every share is a share. */
function expectSound(value: unknown, path = ''): void {
  if (value === null) expect(path).toMatch(MAY_BE_NULL);
  else if (typeof value === 'number') {
    expect([path, Number.isFinite(value)]).toEqual([path, true]);
    const [low, high] = IN_UNIT.test(path)
      ? [0, 1]
      : IN_SIGNED_UNIT.test(path)
        ? [-1, 1]
        : [-Infinity, Infinity];
    expect([path, value >= low && value <= high]).toEqual([path, true]);
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      expectSound(inner, path === '' ? key : `${path}.${key}`);
  } else expect([path, typeof value]).not.toEqual([path, 'undefined']);
}

function expectReadable(diagnosis: Diagnosis): void {
  const { reason, advice } = judge(diagnosis, RULES);
  for (const text of [reason, advice]) expect(text).not.toMatch(/NaN|undefined|Infinity|null|[-−]0\.0000/);
}

const DATA = generate(60, 2, 0.9);
const BASE: Stub = { rule: pickLarger, predicted: DATA.predicted, scores: DATA.scores };
const constant = (rows: number) => Array.from({ length: rows }, () => 0.5);
const first = (rows: number): Pick<Stub, 'predicted' | 'scores'> => ({
  predicted: DATA.predicted.map((values) => values.slice(0, rows)),
  scores: DATA.scores.map((values) => values.slice(0, rows)),
});

const EDGES: Record<string, { stub: Stub; labels?: readonly number[]; verdict?: string }> = {
  'an ordinary case': { stub: BASE, verdict: 'quality-aware' },
  'constant scores': { stub: { ...BASE, scores: [constant(60), constant(60)] }, verdict: 'invalid' },
  'one constant score': {
    stub: { ...BASE, scores: [DATA.scores[0], constant(60)] },
    verdict: 'quality-aware',
  },
  'ties everywhere': {
    stub: { ...BASE, scores: DATA.scores.map((values) => values.map((value) => Math.round(value))) },
    verdict: 'quality-aware',
  },
  // 60 examples cannot rule out that a kind of example is missing on which the scores matter; see below for 300.
  'a rule that ignores scores': { stub: { ...BASE, rule: ignoreScores }, verdict: 'inconclusive' },
  'one class only': { stub: BASE, labels: constant(60).map(() => 1) },
  'one class, which nobody predicts': {
    stub: { ...BASE, classes: 3 },
    labels: constant(60).map(() => 2),
    verdict: 'inconclusive',
  },
  'one example': { stub: { ...BASE, ...first(1) }, verdict: 'invalid' },
  'two examples': { stub: { ...BASE, ...first(2) }, verdict: 'inconclusive' },
  'three examples': { stub: { ...BASE, ...first(3) }, verdict: 'inconclusive' },
  'a single modality': {
    stub: {
      ...BASE,
      predicted: [DATA.predicted[0]],
      scores: [DATA.scores[0]],
      rule: ([score], [it]) => (score > 0.5 ? it : 1 - it),
    },
    verdict: 'quality-aware',
  },
  'vector scores': {
    stub: { ...BASE, width: 2, scores: DATA.scores.map((values) => values.flatMap((value) => [value, 1])) },
    verdict: 'quality-aware',
  },
  'no experts': { stub: { ...BASE, hideExperts: true }, verdict: 'quality-aware' },
  'no experts, no evidence of its own': {
    stub: { ...BASE, hideExperts: true, sharedEvidence: true, rule: ignoreScores },
    verdict: 'inconclusive',
  },
  'experts that are always right': {
    stub: { ...BASE, predicted: [DATA.labels, DATA.labels] },
    verdict: 'inconclusive',
  },
  'scores of any size': {
    stub: {
      ...BASE,
      scores: [DATA.scores[0].map((value) => value * 1e200), DATA.scores[1].map((value) => value * 1e200)],
    },
    verdict: 'quality-aware',
  },
};

describe.each(['accuracy', 'balanced-accuracy'] as const)('a diagnosis by %s', (metric) => {
  it.each(Object.entries(EDGES))(
    'of %s has a number for everything',
    async (_, { stub, labels, verdict }) => {
      const fusion = stubFusion(stub);
      const truth = labels ?? DATA.labels.slice(0, fusion.rows);
      const diagnosis = await run(fusion, truth, { metric });
      expectSound(diagnosis);
      expectReadable(diagnosis);
      if (verdict !== undefined) expect(judge(diagnosis, RULES).verdict).toBe(verdict);
      expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
      expect(JSON.stringify(await run(stubFusion(stub), truth, { metric }))).toBe(JSON.stringify(diagnosis));
    },
  );
});

describe('where nothing changes', () => {
  const verdictOf = async (rows: number, rule: Stub['rule'], expertsAreRight = false) => {
    const { labels, predicted, scores } = generate(rows, 2, 0.9);
    const experts = expertsAreRight ? [labels, labels] : predicted;
    const diagnosis = await run(stubFusion({ rule, predicted: experts, scores }), labels);
    return { ...judge(diagnosis, RULES), diagnosis };
  };

  it('tells so of 299 examples, and of fewer how many it takes', async () => {
    // 0.99^298 > 0.05 > 0.99^299: of fewer, none may by chance be of a kind that makes up 1 %.
    expect((await verdictOf(300, ignoreScores)).verdict).toBe('inert-rule');
    expect((await verdictOf(299, ignoreScores)).verdict).toBe('inert-rule');
    const { verdict, advice, diagnosis } = await verdictOf(60, ignoreScores);
    expect(verdict).toBe('inconclusive');
    expect(diagnosis.power.examplesNeeded).toBe(299);
    expect(diagnosis.equivalence.unseen).toBeCloseTo(1 - 0.05 ** (1 / 60), 12);
    expect(advice).toContain('about 300 examples like these 60');
    expect((await verdictOf(10, ignoreScores)).conclusion).toBe('failure');
    expect((await verdictOf(300, pickLarger, true)).verdict).not.toBe('quality-aware');
  });
});

describe('a diagnosis', () => {
  it('of one example is that nothing can be shuffled', async () => {
    const diagnosis = await run(stubFusion({ ...BASE, ...first(1) }), [DATA.labels[0]]);
    expect(diagnosis).toMatchObject({
      p: { oneSided: 1, otherSide: 1, twoSided: 1 },
      flipRate: { mean: 0, max: 0 },
      gap: { value: 0, lower: 0, upper: 0 },
      controls: { correctness: null, corruption: null },
    });
  });

  it('names the modalities whose score is constant', async () => {
    const diagnosis = await run(stubFusion({ ...BASE, scores: [DATA.scores[0], constant(60)] }), DATA.labels);
    expect(diagnosis.constantScores).toEqual(['modality1']);
    expect(diagnosis.perModality.modality1).toEqual({ gap: 0, p: 1 });
    expect(diagnosis.invalid).toBeNull();
  });

  it('takes a vector for constant only where every component is', async () => {
    const vectors = (second: (i: number) => number) =>
      DATA.scores.map((values) => values.flatMap((_, i) => [0.5, second(i)]));
    const constants = async (second: (i: number) => number) =>
      (await run(stubFusion({ ...BASE, width: 2, scores: vectors(second) }), DATA.labels)).constantScores;
    expect(await constants(() => 0.25)).toEqual(['modality0', 'modality1']);
    expect(await constants((i) => i)).toEqual([]);
  });

  it('with a single modality has its gap as the gap', async () => {
    const fusion = stubFusion(EDGES['a single modality'].stub);
    const { perModality, gap, p } = await run(fusion, DATA.labels);
    expect(perModality).toEqual({ modality0: { gap: gap.value, p: p.oneSided } });
  });

  it('has means and deviations of what it lists', async () => {
    const { broken, clean, gap } = await run(stubFusion(BASE), DATA.labels);
    const mean = broken.values.reduce((sum, value) => sum + value, 0) / broken.values.length;
    const variance =
      broken.values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / broken.values.length;
    expect(broken.values).toHaveLength(199);
    expect(broken.mean!.accuracy).toBeCloseTo(mean, 12);
    expect(broken.std!.accuracy).toBeCloseTo(Math.sqrt(variance), 12);
    expect(gap.value).toBeCloseTo(clean!.accuracy - mean, 12);
    expect(gap.lower).toBeLessThan(gap.value);
    expect(gap.upper).toBeGreaterThan(gap.value);
  });

  it('has the rightness of uniform scores in No-Q', async () => {
    // With equal scores the rule takes the first expert.
    const { uniform, experts } = await run(stubFusion(BASE), DATA.labels);
    expect(uniform).toEqual(experts!.modality0);
  });

  it('shuffles a modality the same, whichever place it has', async () => {
    // A rule that no order of modalities can change.
    const rule: Stub['rule'] = (scores, predicted) =>
      scores.reduce((sum, score, m) => sum + score * (2 * predicted[m] - 1), 0) >= 0 ? 1 : 0;
    const { labels, predicted, scores } = generate(80, 3, 0.8);
    const modalities = ['audio', 'video', 'text'];
    const inOrder = (order: readonly number[]) =>
      run(
        stubFusion({
          rule,
          predicted: order.map((m) => predicted[m]),
          scores: order.map((m) => scores[m]),
          modalities: order.map((m) => modalities[m]),
        }),
        labels,
      );
    const [given, turned] = [await inOrder([0, 1, 2]), await inOrder([2, 0, 1])];
    expect(turned.broken.values).toEqual(given.broken.values);
    expect(turned.perModality).toEqual(given.perModality);
    expect(turned.controls.correctness!.gap).toBe(given.controls.correctness!.gap);
  });

  it('survives more shuffles than a call can have arguments', async () => {
    const small = generate(4, 1, 1);
    const stub: Stub = { rule: pickLarger, predicted: small.predicted, scores: small.scores };
    const permutations = { count: 200_000, secondaryCount: 9, scheme: 'independent', seed: 0 } as const;
    const { flipRate } = await run(stubFusion(stub), small.labels, { permutations });
    expect(flipRate).toEqual({ mean: 0, max: 0 });
  });

  it('takes the shuffles of a bank as they come', async () => {
    const fusion = stubFusion(BASE);
    const bank = DATA.scores.map((values) => Float64Array.from([...values, ...values.toReversed()]));
    const permutations = { count: 2, secondaryCount: 9, scheme: 'independent', seed: 0, bank } as const;
    const { broken, clean } = await run(fusion, DATA.labels, { permutations });
    expect(broken).toMatchObject({ scheme: 'bank', count: 2 });
    expect(broken.values[0]).toBe(clean!.accuracy);
    expect(broken.values[1]).toBeLessThan(clean!.accuracy);
  });
});

describe('a replay that does not give the original', () => {
  const replaying = (changes: Partial<FrozenFusion>) => ({ ...stubFusion(BASE), ...changes });
  const outputs = (fill: (i: number) => number) => Float64Array.from({ length: 60 }, (_, i) => fill(i));
  const of = (original: Float64Array, replayed: Float64Array, tolerance = 0) =>
    run(replaying({ original, tolerance, replay: () => Promise.resolve(replayed) }), DATA.labels);

  it('is invalid beyond the tolerance of the engine, and only then', async () => {
    const [zeros, quarter] = [outputs(() => 0), outputs((i) => (i === 7 ? 0.25 : 0))];
    expect((await of(zeros, quarter)).invalid).toBe(
      "the replay of Clean-Q differs from the model's own output by up to 0.250 (at most 0 is allowed)",
    );
    expect((await of(zeros, quarter, 0.25)).invalid).toBeNull();
  });

  it('is invalid where it has another length', async () => {
    expect(
      (
        await of(
          outputs(() => 0),
          new Float64Array(3),
        )
      ).invalid,
    ).toBe("the replay of Clean-Q has 3 numbers and the model's own output has 60");
  });

  it('is invalid where it is no number', async () => {
    const nan = outputs((i) => (i === 4 ? NaN : 0));
    const sentence = 'the fused output is not a number (NaN) in evaluated row 4';
    expect((await of(nan, nan)).invalid).toBe(sentence);
    expect(
      (
        await of(
          outputs(() => 0),
          nan,
        )
      ).invalid,
    ).toBe(sentence);
  });

  it('is the same where both are the same infinity', async () => {
    const logOfZero = outputs((i) => (i % 2 === 0 ? -Infinity : 1));
    expect((await of(logOfZero, logOfZero)).invalid).toBeNull();
    expect(
      (
        await of(
          logOfZero,
          outputs(() => 1),
        )
      ).invalid,
    ).toContain('Infinity');
  });
});
