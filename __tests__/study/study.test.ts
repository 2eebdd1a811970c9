import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { askScenario } from '../../study/ask-scenario.ts';
import { asDocument } from '../../study/document.ts';
import { askPIntervals } from '../../study/p-intervals.ts';
import { askAdvice } from '../../study/power.ts';
import { drawStudy } from '../../study/picture.ts';
import { holds, rateInterval, type Rate } from '../../study/rate.ts';
import { inOrder, type Results } from '../../study/results.ts';
import { SCENARIOS, type Scenario } from '../../study/scenarios.ts';
import { trueGap } from '../../study/true-gap.ts';
import { atLeast } from './binomial.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const SETS = 80;
/** How improbable a count must be to show that a rate is not what it is said to be. The counts are the same every time. */
const IMPROBABLE = 1e-3;

const ask = (name: string, changes: Partial<Scenario> = {}) =>
  askScenario(name, { ...SCENARIOS[name], rows: 100, ...changes }, SETS);

/** The chance of a count so far on the wrong side, where the rate is as it should be. */
const surprise = ({ nominal, times, of }: Rate): number =>
  nominal < 0.5 ? atLeast(times, of, nominal) : 1 - atLeast(times + 1, of, nominal);

describe('the study in short', () => {
  it.each(['noise, weighted mean', 'noise of two values', 'noise, sequential'])(
    'finds no more false alarms than alpha, and intervals that hold the gap: %s',
    async (name) => {
      for (const rate of await ask(name)) expect(surprise(rate), rate.what).toBeGreaterThan(IMPROBABLE);
    },
  );

  it.each(['noise, 24 subjects, shuffled within', 'noise, 24 sessions, shuffled as wholes'])(
    'finds no more of scores that know the subject, or belong to it, and intervals over subjects: %s',
    async (name) => {
      const rates = await ask(name, { rows: SCENARIOS[name].rows });
      for (const rate of rates) expect(surprise(rate), rate.what).toBeGreaterThan(IMPROBABLE);
    },
  );

  it('claims nothing of intervals where the report warns of a rare class', async () => {
    const rates = await ask('noise, 5 % of one class', { rows: 200, claims: ['oneSided', 'bca'] });
    expect(rates.map(({ of, isWarnedOf }) => [of, isWarnedOf])).toEqual([
      [SETS, undefined],
      [SETS, true],
    ]);
  });

  it('settles that there is no gap about as often as the report says', async () => {
    const [rate] = await askAdvice(200, 60, ['no gap']);
    expect(surprise(rate)).toBeGreaterThan(IMPROBABLE);
    expect(atLeast(rate.times, rate.of, rate.nominal)).toBeGreaterThan(IMPROBABLE);
  });

  it('finds scores that tell much', async () => {
    const { population } = SCENARIOS['noise, weighted mean'];
    const claims = ['oneSided', 'twoSided', 'joint', 'qualityAware', 'otherSide', 'misleading'] as const;
    const rates = await ask('noise, weighted mean', {
      population: { ...population, auroc: [0.95, 0.95] },
      claims,
    });
    expect(rates.map(({ times }) => times > SETS / 2)).toEqual([true, true, true, true, false, false]);
  });

  it('shows no gap to be too small that is as large as the threshold', async () => {
    const [shown, decorative] = await ask('signal, weighted mean');
    expect(surprise(shown)).toBeGreaterThan(IMPROBABLE);
    expect(decorative.times).toBeLessThanOrEqual(shown.times);
  });

  it('holds intervals of p against all orders of the rows', async () => {
    const [rate] = await askPIntervals(20);
    expect(surprise(rate)).toBeGreaterThan(IMPROBABLE);
  });
});

describe('trueGap', () => {
  it('is that of a population that can be worked out', async () => {
    // Exactly one of two experts is right. With scores of 0.8 and 0.2 the one with 0.8 wins unless the other is over four
    // times as sure, of which the chance is that two uniform numbers between 0.2 and 1 are so far apart: 0.0078125. With
    // equal scores, or shuffled ones, either is as likely to win.
    const s = 0.8;
    const q = 1 - 0.0078125;
    const worked = s * s * q + (1 - s) * (1 - s) * (1 - q) + s * (1 - s) - 0.5;
    const { population } = SCENARIOS['noise of two values'];
    const contested = { ...population, contested: 1, auroc: [s, s] };
    // A chunk of 50,000 has a standard error of at most 0.0032.
    expect(Math.abs((await trueGap(contested, 'accuracy', 4)) - worked)).toBeLessThan((4 * 0.0032) / 2);
  });

  it('is 0 of noise', async () => {
    expect(await trueGap(SCENARIOS['noise, router'].population, 'accuracy')).toBe(0);
  });
});

describe('a rate', () => {
  const rate = (times: number, of: number, changes: Partial<Rate> = {}): Rate => ({
    data: 'data',
    what: 'what',
    nominal: 0.05,
    mayErr: 'below',
    times,
    of,
    ...changes,
  });

  it.each([
    [5, 100],
    [61, 1000],
    [950, 1000],
  ])('has the interval whose ends make %d of %d just improbable enough', (times, of) => {
    const { lower, upper } = rateInterval({ times, of });
    expect(atLeast(times, of, lower)).toBeCloseTo(0.0005, 9);
    expect(1 - atLeast(times + 1, of, upper)).toBeCloseTo(0.0005, 9);
  });

  it.each([
    [10, 'below', true],
    [10, 'neither way', false],
    [60, 'below', true],
    [90, 'below', false],
    [90, 'above', true],
    [10, 'above', false],
  ] as const)('of %d in 1000 instead of 5 % that may be %s: %s', (times, mayErr, expected) => {
    expect(holds(rate(times, 1000, { mayErr }))).toBe(expected);
  });

  it('is reported as a miss where it misses', () => {
    const document = asDocument([{ rates: [rate(50, 1000), rate(200, 1000, { what: 'too often' })] }], 1000);
    const [, missed] = document.split('## What does not hold');
    expect(missed).toContain('**data: too often** in 20.0 %');
    expect(missed.match(/^- /gm)).toHaveLength(1);
  });
});

describe('the committed study', () => {
  const { sets, parts } = JSON.parse(read('study/results.json')) as Results;
  const results = Object.values(inOrder(parts));

  it('is the table of what was counted', () => {
    expect(read('docs/study.md')).toBe(asDocument(results, sets));
  });

  it('is the picture of what was counted', () => {
    expect(read('docs/study.svg')).toBe(drawStudy(results));
  });
});
