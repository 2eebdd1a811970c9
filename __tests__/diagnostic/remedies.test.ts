import { describe, expect, it } from 'vitest';

import { concludeCalibration } from '../../src/diagnostic/conclude-calibration.ts';
import { conclude } from '../../src/diagnostic/conclude.ts';
import type { Diagnosis, MetricName } from '../../src/diagnostic/diagnosis.ts';
import { holm } from '../../src/diagnostic/holm.ts';
import { ConfigurationError, NotFiniteError } from '../../src/foundation/errors.ts';
import { normalQuantile } from '../../src/diagnostic/normal-distribution.ts';
import { calibrationOf } from '../../src/diagnostic/score-calibration.ts';
import { takeMeasurements, type DiagnosisPlan } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import type { FrozenFusion } from '../../src/model/frozen-fusion.ts';
import fixture from '../fixtures/diagnostic/arms/values.json' with { type: 'json' };
import { stubFusion, stubPlan, type StubRule } from './stub-fusion.ts';
import type { ConcludedCalibration, Remedy } from '../../src/diagnostic/score-findings.ts';

const CLASSES = 3;
const labels = Int32Array.from(fixture.labels);
const MODALITIES = ['a', 'b', 'c'];

/** Each expert's class gets its score; the class with the most wins, the first one on ties. */
const vote: StubRule = (scores, predicted) => {
  const votes = new Array<number>(CLASSES).fill(0);
  scores.forEach((score, m) => (votes[predicted[m]] += score));
  return votes.indexOf(Math.max(...votes));
};

const fusion = stubFusion({
  rule: vote,
  predicted: fixture.experts,
  scores: fixture.scores,
  classes: CLASSES,
  modalities: MODALITIES,
});

const folds = { of: Int32Array.from(fixture.folds), names: ['even', 'odd'], repeats: [[0, 1]] };

async function diagnose(
  changes: Partial<DiagnosisPlan> = {},
  { of = fusion, ...structure }: { of?: FrozenFusion; folds?: typeof folds; clusters?: Int32Array } = {},
): Promise<Diagnosis> {
  const plan = stubPlan(of.modalities.length, {
    reliableWhen: fixture.reliableWhen.slice(0, of.modalities.length) as ('high' | 'low')[],
    permutations: { count: 39, secondaryCount: 39, scheme: 'independent', seed: 7 },
    ...changes,
  });
  return conclude(await takeMeasurements(of, { labels, ...structure }, plan, silentLogger), plan);
}

/** In the fixture. */
function nameOf({ modality, change }: Remedy): Exclude<keyof typeof fixture.whole, 'clean'> {
  const name = modality === null ? 'constant' : `${change} ${MODALITIES.indexOf(modality)}`;
  return name as Exclude<keyof typeof fixture.whole, 'clean'>;
}

/** By the names of the fixture. */
function valuesOf({ arms, remedies }: Diagnosis): Record<string, number> {
  const changes = remedies!.tried.flatMap((remedy): [string, number][] =>
    remedy.modality === null ? [] : [[nameOf(remedy), remedy.found!.value]],
  );
  return Object.fromEntries([...arms!.map(({ name, found }) => [name, found!.value] as const), ...changes]);
}

describe('what other scores give the frozen rule', () => {
  const cases = (['accuracy', 'balanced-accuracy', 'macro-f1'] as const).flatMap((metric) =>
    (['whole', 'folded'] as const).map((how) => [metric, how] as const),
  );

  it.each(cases)('is what NumPy and scikit-learn give, by %s, %s', async (metric, how) => {
    const found = await diagnose({ metric }, how === 'folded' ? { folds } : {});
    const { clean, ...expected } = fixture[how];
    const values = valuesOf(found);
    expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { values: wanted }] of Object.entries(expected)) {
      expect([name, values[name].toFixed(12)]).toEqual([name, wanted[metric].toFixed(12)]);
    }
    for (const { name, found: arm } of found.arms!) {
      const gap = clean.values[metric] - expected[name].values[metric];
      expect([name, arm!.gap.value.toFixed(12).replace('-0.000000000000', '0.000000000000')]).toEqual([
        name,
        gap.toFixed(12).replace('-0.000000000000', '0.000000000000'),
      ]);
    }
  });

  it('has paired intervals, wide enough for all changes together', async () => {
    const interval = { method: 'percentile', confidence: 0.95, resamples: 4000 } as const;
    const { arms, remedies } = await diagnose({ interval });
    const about = (half: number, error: number, confidence: number) => {
      expect(half / (error * normalQuantile((1 + confidence) / 2))).toBeGreaterThan(0.85);
      expect(half / (error * normalQuantile((1 + confidence) / 2))).toBeLessThan(1.15);
    };
    for (const { name, found } of arms!) {
      about((found!.gap.upper - found!.gap.lower) / 2, fixture.whole[name].error, 0.95);
    }
    expect(remedies!.tried).toHaveLength(10);
    expect(remedies!.confidence).toBeCloseTo(1 - 0.05 / 10, 12);
    for (const remedy of remedies!.tried) {
      const { gain } = remedy.found!;
      const { error } = fixture.whole[nameOf(remedy)];
      if (error > 0.006) about((gain.upper - gain.lower) / 2, error, remedies!.confidence);
    }
  });

  it('calls six examples that turn for the better, and none for the worse, no improvement', async () => {
    // By chance as many turn the same way once in 32 times, and there are ten changes.
    const right = Array.from({ length: 300 }, (_, i) => Number(i >= 6));
    const few = stubFusion({
      rule: ([score], [said]) => (score > 0.5 ? said : 1 - said),
      predicted: [right.map(() => 1), right.map(() => 1)],
      scores: [right.map((isRight, i) => (isRight ? 0.9 : 0.2) + (i % 7) / 100), right.map((_, i) => i)],
    });
    const plan = stubPlan(2, { interval: { method: 'bca', confidence: 0.95, resamples: 4000 } });
    const examples = { labels: Int32Array.from(right, () => 1) };
    const found = conclude(await takeMeasurements(few, examples, plan, silentLogger), plan);
    const floor = found.remedies!.tried.find(
      ({ change, modality }) => change === 'floor' && modality === 'modality0',
    )!;
    expect(floor.found!.gain.value).toBeCloseTo(0.02, 12);
    expect(floor.found!.isBetter).toBe(false);
  });

  it('takes Student for an interval that resamples are too few for', async () => {
    const interval = { method: 'bca', confidence: 0.95, resamples: 100 } as const;
    const { remedies } = await diagnose({ interval });
    const [remedy] = remedies!.tried;
    const { error } = fixture.whole[nameOf(remedy)];
    // t of 239 degrees at 1 - 0.05 / 20, by SciPy.
    const { gain } = remedy.found!;
    expect((gain.upper - gain.lower) / 2 / error).toBeCloseTo(2.833332, 5);
  });

  it('puts the largest gain first, and calls no change better by its point alone', async () => {
    const { remedies } = await diagnose();
    const gains = remedies!.tried.map(({ found }) => found!.gain.value);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    expect(remedies!.tried[0]).toMatchObject({ change: 'floor', modality: 'c' });
    for (const { found } of remedies!.tried) expect(found!.isBetter).toBe(found!.gain.lower > 0);
  });

  it('turns losses round', async () => {
    const [accuracy, loss] = await Promise.all(
      (['accuracy', 'brier'] as const).map((metric) => diagnose({ metric })),
    );
    // Of one-hot posteriors the Brier score is twice the share of errors (or once, of two classes).
    const ratio = loss.arms![0].found!.gap.value / accuracy.arms![0].found!.gap.value;
    expect(ratio).toBeCloseTo(loss.arms![1].found!.gap.value / accuracy.arms![1].found!.gap.value, 9);
    expect(ratio).toBeGreaterThan(0);
  });
});

describe('arms are left out', () => {
  const reasons = ({ arms }: Diagnosis) =>
    Object.fromEntries(arms!.map(({ name, leftOut }) => [name, leftOut]));

  it('where they are another by another name', async () => {
    const one = stubFusion({
      rule: ([score], [said]) => (score > 0.5 ? said : 0),
      predicted: fixture.experts.slice(0, 1),
      scores: fixture.scores.slice(0, 1),
      classes: CLASSES,
    });
    expect(reasons(await diagnose({}, { of: one }))).toEqual({
      constant: 'the same as uniform',
      zero: null,
      swapped: 'a single modality',
      oracle: null,
    });
    const { arms, scoreEffects, gap, p } = await diagnose({ uniformScore: 1 }, { of: one });
    expect(arms![0].found).not.toBeNull();
    const { confidence: _, ...whole } = gap;
    expect(scoreEffects).toEqual({ modality0: { ...scoreEffects!.modality0, gap: whole, p: p.twoSided } });
  });

  it('where there are no experts, or scores change nothing', async () => {
    const still = stubFusion({
      rule: vote,
      predicted: fixture.experts,
      scores: [fixture.scores[0], fixture.labels.map(() => 0), fixture.labels.map(() => 0)],
      classes: CLASSES,
      hideExperts: true,
    });
    const found = await diagnose({}, { of: still });
    expect(reasons(found)).toEqual({ constant: null, zero: null, swapped: null, oracle: 'no experts' });
    expect(found.calibration).toBeNull();
    const { tried } = found.remedies!;
    expect(tried.slice(4).map(({ leftOut }) => leftOut)).toEqual(Array(6).fill('no score would change'));
    expect(found.remedies!.confidence).toBeCloseTo(1 - 0.05 / 4, 12);
  });

  it('where the engine gives no numbers, or refuses', async () => {
    const isZero = (scores: FrozenFusion['reliability']) => scores.every(({ values }) => values[0] === 0);
    const dividing: FrozenFusion = {
      ...fusion,
      replay: async (scores) => (await fusion.replay(scores)).map((value) => (isZero(scores) ? NaN : value)),
    };
    expect(reasons(await diagnose({}, { of: dividing })).zero).toBe('the model gives no numbers');
    const refusing = (error: Error): FrozenFusion => ({
      ...fusion,
      replay: (scores) => (isZero(scores) ? Promise.reject(error) : fusion.replay(scores)),
    });
    const found = await diagnose({}, { of: refusing(new NotFiniteError('NaN')) });
    expect(reasons(found).zero).toBe('the model gives no numbers');
    // A server that is lost says nothing of the model: the run ends.
    const lost = new ConfigurationError('lost');
    await expect(diagnose({}, { of: refusing(lost) })).rejects.toThrow(lost);
  });

  it('where vectors of scores have different widths', async () => {
    const wide = fixture.scores[0].flatMap((value) => [value, 1 - value]);
    const of: FrozenFusion = {
      ...fusion,
      reliability: fusion.reliability.with(0, { width: 2, values: Float64Array.from(wide) }),
    };
    const found = await diagnose({ metric: 'accuracy' }, { of });
    expect(reasons(found).swapped).toBe('vectors of different widths');
    expect(found.calibration!.a).toEqual({ found: null, leftOut: 'a vector' });
  });
});

describe('the effect of each score', () => {
  it('is its own gap, tested on both sides and corrected for their number', async () => {
    const permutations = { count: 199, secondaryCount: 199, scheme: 'independent', seed: 7 } as const;
    const { scoreEffects, perModality } = await diagnose({ permutations });
    const effects = Object.entries(scoreEffects!);
    const adjusted = holm(effects.map(([, { p }]) => p));
    effects.forEach(([name, effect], m) => {
      expect(effect.gap.value).toBe(perModality[name].gap);
      expect(effect.adjustedP).toBe(adjusted[m]);
      expect(effect.gap.lower).toBeLessThan(effect.gap.value);
      expect(effect.gap.upper).toBeGreaterThan(effect.gap.value);
    });
    // The rule trusts c where its score is high, which is where its expert is wrong.
    expect(scoreEffects!.c).toMatchObject({ finding: 'hurts' });
    expect(scoreEffects!.b).toMatchObject({ finding: 'unclear' });
    const truthful = stubFusion({
      rule: vote,
      predicted: fixture.experts,
      scores: fixture.experts.map((said) => said.map((one, i) => Number(one === labels[i]))),
      classes: CLASSES,
    });
    const found = await diagnose({ permutations }, { of: truthful });
    expect(found.scoreEffects!.modality0).toMatchObject({ finding: 'helps', adjustedP: 3 * 2 * (1 / 200) });
  });
});

describe('calibration', () => {
  const close = (found: ConcludedCalibration['found'], expected: (typeof fixture.calibration)[number]) => {
    expect(found!.reliableWhen).toBe(expected.reliableWhen);
    expect(found!.isProbability).toBe(expected.isProbability);
    expect(found!.bins).toHaveLength(expected.bins.length);
    found!.bins.forEach(({ interval, ...bin }, b) => {
      const { interval: ends, ...wanted } = expected.bins[b];
      for (const key of ['lower', 'upper', 'count', 'meanScore', 'shareRight'] as const) {
        expect(bin[key]).toBeCloseTo(wanted[key], 13);
      }
      expect(interval!.lower).toBeCloseTo(ends.lower, 9);
      expect(interval!.upper).toBeCloseTo(ends.upper, 9);
    });
    if (expected.error === null) expect(found!.error).toBeNull();
    else expect(found!.error).toBeCloseTo(expected.error, 13);
    const { aurc, optimalAurc, chanceAurc } = found!.riskCoverage;
    expect([aurc, optimalAurc, chanceAurc].map((area) => area.toFixed(12))).toEqual(
      [expected.aurc, expected.optimalAurc, expected.chanceAurc].map((area) => area.toFixed(12)),
    );
  };

  it.each(MODALITIES.map((name, m) => [name, m] as const))(
    'of the score of %s is that of NumPy and SciPy',
    async (name, m) => {
      const { calibration } = await diagnose();
      close(calibration![name].found, fixture.calibration[m]);
    },
  );

  it('takes a low score for what it says', () => {
    const right = Float64Array.from(labels, (label, i) => Number(fixture.experts[0][i] === label));
    const found = calibrationOf(Float64Array.from(fixture.unsure.score), right, 'low');
    const facts = { calibration: { a: { found, leftOut: null } } };
    close(concludeCalibration(facts, 0.95)!.a.found, fixture.unsure.calibration);
  });

  it('keeps the ends of the curve, and its shape where it is short', async () => {
    const { coverage, risk } = (await diagnose()).calibration!.a.found!.riskCoverage;
    expect([coverage.length, risk.length, coverage.at(-1)]).toEqual([100, 100, 1]);
    expect(coverage).toEqual(coverage.toSorted((a, b) => a - b));
    const short = calibrationOf(Float64Array.of(0.9, 0.1), Float64Array.of(1, 0), 'high');
    expect(short.riskCoverage).toMatchObject({ coverage: [0.5, 1], risk: [0, 0.5] });
    expect(short.bins).toEqual([{ lower: 0.1, upper: 0.9, count: 2, right: 1, meanScore: 0.5 }]);
  });

  it('has no intervals where examples hang together', async () => {
    const clusters = Int32Array.from(fixture.labels, (_, i) => Math.floor(i / 4));
    const { calibration } = await diagnose({}, { clusters });
    expect(calibration!.a.found!.bins.map(({ interval }) => interval)).toEqual(Array(10).fill(null));
  });
});

// Of the type alone: every metric name of the fixture is one.
fixture.whole.clean.values satisfies Partial<Record<MetricName, number>>;
