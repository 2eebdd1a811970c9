import { describe, expect, it } from 'vitest';

import { conclude } from '../../src/diagnostic/conclude.ts';
import type { Diagnosis, ExactMean, MetricName } from '../../src/diagnostic/diagnosis.ts';
import type { Examples, Structure } from '../../src/diagnostic/examples.ts';
import { joinMeasurements } from '../../src/diagnostic/join-measurements.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { peersOf, rotatedScores, scoresFrom } from '../../src/diagnostic/rotations.ts';
import { takeMeasurements, type DiagnosisPlan } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import type { FrozenFusion, Reliability } from '../../src/model/frozen-fusion.ts';
import { stubPlan } from './stub-fusion.ts';

/** A fusion whose outputs are a function of a row's evidence and its scores, two of them. */
interface Rule {
  readonly kind: 'probabilities' | 'value';
  readonly output: (evidence: number, scores: readonly number[]) => number;
}

const CLASSES: Rule = {
  kind: 'probabilities',
  output: (evidence, [a, v]) => 1 / (1 + Math.exp(-3 * (evidence * a - (1 - evidence) * v + 0.1))),
};
const VALUES: Rule = {
  kind: 'value',
  output: (evidence, [a, v]) => evidence * a + Math.sin(7 * evidence) * v,
};

interface Case {
  readonly rule: Rule;
  readonly evidence: readonly number[];
  /** By modality. */
  readonly scores: readonly (readonly number[])[];
  readonly truth: readonly number[];
}

function caseOf(rows: number, rule: Rule, key: string): Case {
  const random = randomFor('exact', key);
  const evidence = Array.from({ length: rows }, random);
  const scores = [0, 1].map(() => evidence.map(() => Math.round(8 * random()) / 8));
  const truth = evidence.map((value, i) =>
    rule.kind === 'value'
      ? value + random() - 0.5
      : i % 2 === 0
        ? Number(value > 0.4)
        : Number(random() < 0.5),
  );
  return { rule, evidence, scores, truth };
}

function fusionOf({ rule, evidence, scores }: Case, only?: number): FrozenFusion {
  const rows = evidence.length;
  const all: Reliability = scores.map((values) => ({ width: 1, values: Float64Array.from(values) }));
  const outputs = (given: Reliability): Float64Array =>
    Float64Array.from(
      evidence.flatMap((value, i) => {
        const full = only === undefined ? given : all.map((own, m) => (m === only ? given[0] : own));
        const output = rule.output(
          value,
          full.map(({ values }) => values[i]),
        );
        return rule.kind === 'value' ? [output] : [1 - output, output];
      }),
    );
  const predict = (given: Reliability): Int32Array => {
    const given1 = outputs(given);
    return Int32Array.from(evidence, (_, i) => (rule.kind === 'value' ? 0 : Number(given1[2 * i + 1] > 0.5)));
  };
  const reliability = only === undefined ? all : [all[only]];
  return {
    rows,
    classes: rule.kind === 'value' ? 1 : 2,
    modalities: reliability.map((_, m) => `modality${m}`),
    decision: rule.kind === 'value' ? { kind: 'value', classes: 1 } : { kind: 'probabilities', classes: 2 },
    reliability,
    engine: 'stub',
    original: outputs(reliability),
    tolerance: 0,
    replay: (given) => Promise.resolve(outputs(given)),
    predict: (given) => Promise.resolve(predict(given)),
    withEvidence: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

/** All orders of 0..n-1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

/** All rearrangements of rows that stay within their groups: row i gets what row `order[i]` had. */
function rearrangements(rows: number, within: readonly number[]): number[][] {
  return orders(rows).filter((order) => order.every((from, to) => within[from] === within[to]));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;

/** Metrics by their definitions, of the rows that are named. */
const METRICS: Partial<
  Record<
    MetricName,
    (rows: readonly number[], truth: readonly number[], outputs: readonly number[]) => number
  >
> = {
  accuracy: (rows, truth, outputs) => average(rows.map((i) => Number(Number(outputs[i] > 0.5) === truth[i]))),
  'balanced-accuracy': (rows, truth, outputs) => {
    const present = [0, 1].map((c) => rows.filter((i) => truth[i] === c)).filter(({ length }) => length > 0);
    return average(
      present.map((own) => average(own.map((i) => Number(Number(outputs[i] > 0.5) === truth[i])))),
    );
  },
  'log-loss': (rows, truth, outputs) =>
    average(rows.map((i) => -Math.log(truth[i] === 1 ? outputs[i] : 1 - outputs[i]))),
  mae: (rows, truth, outputs) => average(rows.map((i) => Math.abs(outputs[i] - truth[i]))),
  'acc-2-without-zero': (rows, truth, outputs) => {
    const counted = rows.filter((i) => truth[i] !== 0);
    return average(counted.map((i) => Number(truth[i] > 0 === outputs[i] > 0)));
  },
};

/** The mean over every rearrangement, of the mean over folds. */
function enumerated(
  { rule, evidence, scores, truth }: Case,
  metric: MetricName,
  within: readonly number[],
  folds: readonly number[],
  moved: readonly boolean[] = [true, true],
): number {
  const parts = [...new Set(folds)].map((fold) => [...folds.keys()].filter((i) => folds[i] === fold));
  return average(
    rearrangements(evidence.length, within).map((order) => {
      const outputs = evidence.map((value, i) =>
        rule.output(
          value,
          scores.map((own, m) => own[moved[m] ? order[i] : i]),
        ),
      );
      return average(parts.map((rows) => METRICS[metric]!(rows, truth, outputs)));
    }),
  );
}

function planOf(metric: MetricName, changes: Partial<DiagnosisPlan['permutations']> = {}): DiagnosisPlan {
  return stubPlan(2, {
    metric,
    permutations: { count: 60, secondaryCount: 60, scheme: 'joint', seed: 5, ...changes },
    interval: { method: 'percentile', confidence: 0.9, resamples: 5 },
  });
}

async function measured(one: Case, plan: DiagnosisPlan, structure: Structure = {}): Promise<Diagnosis> {
  const examples = examplesOf(one, structure);
  return conclude(await takeMeasurements(fusionOf(one), examples, plan, silentLogger), plan);
}

function examplesOf({ rule, truth }: Case, structure: Structure): Examples {
  return rule.kind === 'value'
    ? { values: Float64Array.from(truth), ...structure }
    : { labels: Int32Array.from(truth), ...structure };
}

function known(exact: ExactMean | null): Exclude<ExactMean, { missing: string }> {
  if (exact === null || 'missing' in exact) throw new Error(exact?.missing ?? 'null');
  return exact;
}

const GROUPINGS: Record<string, readonly number[]> = {
  'all rows': [0, 0, 0, 0, 0, 0],
  'groups of different sizes': [0, 1, 0, 1, 0, 2],
  pairs: [0, 1, 2, 0, 1, 2],
};

describe.each(Object.entries(GROUPINGS))('the exact mean among %s', (_, groups) => {
  const within = Int32Array.from(groups);
  describe.each(['accuracy', 'balanced-accuracy', 'log-loss', 'mae', 'acc-2-without-zero'] as const)(
    'by %s',
    (metric) => {
      const rule = ['mae', 'acc-2-without-zero'].includes(metric) ? VALUES : CLASSES;
      const one = caseOf(groups.length, rule, metric);

      it('is that of every rearrangement', async () => {
        const { exact, clean, metrics } = await measured(one, planOf(metric), { within });
        const expected = enumerated(
          one,
          metric,
          groups,
          groups.map(() => 0),
        );
        const { mean, gap } = known(exact!.metrics[0]);
        expect(mean).toBeCloseTo(expected, 7);
        const sign = metrics[0].better === 'higher' ? 1 : -1;
        expect(gap).toBeCloseTo(sign * (metrics[0].clean - expected), 7);
        if (metric === 'accuracy') expect(mean).toBeCloseTo(clean!.accuracy - gap, 14);
      });

      it('is that of every rearrangement of one modality', async () => {
        const { exact } = await measured(one, planOf(metric, { scheme: 'independent' }), { within });
        const flat = groups.map(() => 0);
        expect(known(exact!.joint).mean).toBeCloseTo(enumerated(one, metric, groups, flat), 7);
        [0, 1].forEach((m) => {
          const expected = enumerated(one, metric, groups, flat, [m === 0, m === 1]);
          expect(known(exact!.perModality[`modality${m}`]).mean).toBeCloseTo(expected, 7);
        });
        expect(exact!.metrics[0]).toHaveProperty('missing', expect.stringContaining('N^2'));
      });
    },
  );
});

describe('the exact mean', () => {
  it.each(['accuracy', 'balanced-accuracy', 'log-loss'] as const)('is over folds by %s', async (metric) => {
    const one = caseOf(6, CLASSES, `folds ${metric}`);
    const of = [0, 1, 0, 1, 0, 0];
    const within = Int32Array.from(of);
    const folds = { of: within, names: ['a', 'b'], repeats: [[0, 1]] };
    const { exact } = await measured(one, planOf(metric), { within, folds });
    expect(known(exact!.metrics[0]).mean).toBeCloseTo(enumerated(one, metric, of, of), 7);
  });

  it('is of present scores, and leaves absent ones where they are', async () => {
    const one = caseOf(6, CLASSES, 'absent');
    // The first modality is absent on the two last rows, whose place holds one and the same number.
    const first = [...one.scores[0].slice(0, 4), 0.5, 0.5];
    const absent = { ...one, scores: [first, one.scores[1]] };
    const fusion = fusionOf(absent);
    const present = Uint8Array.of(1, 1, 1, 1, 0, 0);
    const partly = {
      ...fusion,
      reliability: fusion.reliability.with(0, { ...fusion.reliability[0], present }),
    };
    const plan = planOf('accuracy', { scheme: 'independent' });
    const { exact } = conclude(
      await takeMeasurements(partly, examplesOf(absent, {}), plan, silentLogger),
      plan,
    );
    const flat = [0, 0, 0, 0, 0, 0];
    const pattern = [0, 0, 0, 0, 1, 1];
    const mean = (within: readonly number[], moved: readonly boolean[]) =>
      enumerated(absent, 'accuracy', within, flat, moved);
    expect(known(exact!.perModality.modality0).mean).toBeCloseTo(mean(pattern, [true, false]), 12);
    expect(known(exact!.perModality.modality1).mean).toBeCloseTo(mean(flat, [false, true]), 12);
    expect(known(exact!.joint).mean).toBeCloseTo(mean(pattern, [true, true]), 12);
    expect(mean(pattern, [true, true])).not.toBeCloseTo(mean(flat, [true, true]), 3);
  });

  it('counts weighted examples as often as they weigh', async () => {
    const one = caseOf(6, CLASSES, 'weights');
    const weights = Float64Array.of(1, 2, 1, 3, 1, 0);
    const { exact } = await measured(one, planOf('accuracy'), { weights });
    const byRow = one.evidence.map((value, i) =>
      average(
        one.evidence.map((_, from) => {
          const output = one.rule.output(
            value,
            one.scores.map((own) => own[from]),
          );
          return Number(Number(output > 0.5) === one.truth[i]);
        }),
      ),
    );
    const expected = sum(byRow.map((right, i) => weights[i] * right)) / sum([...weights]);
    expect(known(exact!.metrics[0]).mean).toBeCloseTo(expected, 12);
  });

  it('is of blocks that move as wholes', async () => {
    const one = caseOf(6, CLASSES, 'blocks');
    const whole = Int32Array.from([0, 0, 1, 1, 2, 3]);
    const { exact } = await measured(one, planOf('accuracy'), { whole });
    // Blocks 0 and 1 change places or do not, and so do rows 4 and 5.
    const ways = [
      [0, 1, 2, 3, 4, 5],
      [2, 3, 0, 1, 4, 5],
      [0, 1, 2, 3, 5, 4],
      [2, 3, 0, 1, 5, 4],
    ];
    const values = ways.map((order) => {
      const outputs = one.evidence.map((value, i) =>
        one.rule.output(
          value,
          one.scores.map((own) => own[order[i]]),
        ),
      );
      return METRICS.accuracy!([0, 1, 2, 3, 4, 5], one.truth, outputs);
    });
    expect(known(exact!.metrics[0]).mean).toBeCloseTo(average(values), 12);
  });

  it('is near the sampled one, as its error says', async () => {
    for (let trial = 0; trial < 6; trial++) {
      const one = caseOf(60, CLASSES, `sampled ${trial}`);
      const plan = planOf('accuracy', { count: 400, seed: trial });
      const { exact, metrics, gap, perModality, joint } = await measured(one, plan);
      const { mean, gap: exactly, samplingError } = known(exact!.metrics[0]);
      expect(samplingError).toBeCloseTo(metrics[0].broken.std / 20, 14);
      expect(Math.abs(mean - metrics[0].broken.mean)).toBeLessThan(4 * samplingError);
      expect(gap.value - exactly).toBeCloseTo(mean - metrics[0].broken.mean, 12);
      expect(joint).toBeNull();
      expect(exact!.joint).toBeNull();
      for (const [name, alone] of Object.entries(perModality)) {
        const found = known(exact!.perModality[name]);
        expect(Math.abs(found.gap - alone.gap)).toBeLessThan(4 * found.samplingError);
      }
    }
  });

  it('of one modality is that of independent shuffles', async () => {
    const one = caseOf(6, CLASSES, 'one modality');
    const plan = { ...planOf('accuracy', { scheme: 'independent' }), reliableWhen: ['high' as const] };
    const fusion = fusionOf(one, 0);
    const { exact } = conclude(await takeMeasurements(fusion, examplesOf(one, {}), plan, silentLogger), plan);
    const flat = [0, 0, 0, 0, 0, 0];
    const { mean } = known(exact!.metrics[0]);
    expect(mean).toBeCloseTo(enumerated(one, 'accuracy', flat, flat, [true, false]), 12);
    expect(known(exact!.perModality.modality0).mean).toBe(mean);
  });

  it('is missing where it cannot be had, and says why', async () => {
    const one = caseOf(12, CLASSES, 'missing');
    const why = (exact: ExactMean | null): string => (exact && 'missing' in exact ? exact.missing : '');
    const few = await measured(one, planOf('accuracy', { count: 11, secondaryCount: 12 }));
    expect(why(few.exact!.metrics[0])).toContain('more than the shuffles that were drawn');
    const ranks = await measured(one, { ...planOf('auroc'), metrics: ['accuracy'] });
    expect(why(ranks.exact!.metrics[0])).toContain('is no mean over examples');
    expect(known(ranks.exact!.metrics[1]).mean).toBeGreaterThan(0);
    expect(why(ranks.exact!.perModality.modality0)).toContain('is no mean over examples');
    const bank = [0, 1].map(() => new Float64Array(12 * 60));
    const banked = await measured(one, planOf('accuracy', { scheme: 'independent', bank }));
    expect(why(banked.exact!.metrics[0])).toContain('those of a file');
    expect(why(banked.exact!.perModality.modality1)).toContain('those of a file');
    expect(known(banked.exact!.joint).mean).toBeGreaterThan(0);
  });

  it.each([2, 3, 7])('is the same from %d shards, to the last bit', async (of) => {
    const within = Int32Array.from({ length: 20 }, (_, i) => (i < 9 ? 0 : i < 14 ? 1 : i < 19 ? 2 : 3));
    for (const [metric, rule] of [
      ['log-loss', CLASSES],
      ['accuracy', CLASSES],
      ['acc-2-without-zero', VALUES],
    ] as const) {
      const one = caseOf(20, rule, 'shards');
      for (const scheme of ['joint', 'independent'] as const) {
        const plan = planOf(metric, { scheme });
        const shards = [];
        for (let index = 1; index <= of; index++) {
          const draws = { shard: { index, of } };
          const examples = examplesOf(one, { within });
          shards.push(await takeMeasurements(fusionOf(one), examples, plan, silentLogger, draws));
        }
        expect(conclude(joinMeasurements(shards), plan)).toEqual(await measured(one, plan, { within }));
      }
    }
  });
});

describe('rotated scores', () => {
  const clean: Reliability = [{ width: 2, values: Float64Array.from([0, 10, 1, 11, 2, 12, 3, 13, 4, 14]) }];
  const exchange = { within: Int32Array.from([0, 0, 1, 0, 1]) };

  it('give each row of a group the scores of each other once', () => {
    const rotated = rotatedScores(clean, ['audio'], exchange);
    expect(rotated.count).toBe(3);
    expect(peersOf(5, exchange)).toEqual(Uint32Array.of(3, 3, 2, 3, 2));
    const first = [0, 1, 2].map((r) => [...rotated.draw(r)[0].values].filter((_, at) => at % 2 === 0));
    expect(first).toEqual([
      [0, 1, 2, 3, 4],
      [1, 3, 4, 0, 2],
      [3, 0, 2, 1, 4],
    ]);
  });

  it('are made again elsewhere', () => {
    const rotated = rotatedScores(clean, ['audio'], exchange);
    const again = scoresFrom(rotated.source!);
    for (const r of [0, 1, 2]) expect(again.draw(r)[0].values).toEqual(rotated.draw(r)[0].values);
  });
});
