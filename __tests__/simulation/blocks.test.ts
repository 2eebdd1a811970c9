import { describe, expect, it } from 'vitest';

import { conclude } from '../../src/diagnostic/conclude.ts';
import type { Exchange } from '../../src/diagnostic/exchange.ts';
import { neighbourGroups } from '../../src/diagnostic/neighbours.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { pickLarger, stubFusion, stubPlan } from '../diagnostic/stub-fusion.ts';

const ALPHA = 0.05;
const SETS = 300;
const BLOCKS = 12;
const SIZE = 12;
const ROWS = BLOCKS * SIZE;
/** Four binomial standard errors. */
const SLACK = 4 * Math.sqrt((ALPHA * (1 - ALPHA)) / SETS);

interface DataSet {
  readonly labels: Int32Array;
  readonly predicted: readonly (readonly number[])[];
  readonly scores: readonly (readonly number[])[];
  /** What skill and score depend on [N]. */
  readonly quality: Float64Array;
}

/**
 * Subjects on whom the first expert is good are those on whom the second is bad, and the scores know the subject but nothing of the
 * example.
 *
 * @param qualityOf row i's share of what the first expert is right on, in [0, 1]
 */
function dataSet(seed: number, qualityOf: (random: () => number) => Float64Array): DataSet {
  const random = randomFor('blocks', seed);
  const quality = qualityOf(random);
  const labels = Int32Array.from(quality, () => Math.floor(2 * random()));
  const says = (skill: (i: number) => number) =>
    Array.from(labels, (label, i) => (random() < skill(i) ? label : 1 - label));
  const predicted = [says((i) => quality[i]), says((i) => 1 - quality[i])];
  const scores = [quality, quality.map((q) => 1 - q)].map((skill) =>
    Array.from(skill, (value) => value + 0.3 * random()),
  );
  return { labels, predicted, scores, quality };
}

const bySubject = (random: () => number): Float64Array => {
  const skills = Array.from({ length: BLOCKS }, () => 0.2 + 0.6 * random());
  return Float64Array.from({ length: ROWS }, (_, i) => skills[i % BLOCKS]);
};
const subjects = Int32Array.from({ length: ROWS }, (_, i) => i % BLOCKS);

/** p-values of simulated data sets. @param exchange of one of them */
async function pValues(
  qualityOf: (random: () => number) => Float64Array,
  exchange: (data: DataSet) => Exchange,
): Promise<number[]> {
  const found: number[] = [];
  for (let seed = 0; seed < SETS; seed++) {
    const data = dataSet(seed, qualityOf);
    const fusion = stubFusion({ rule: pickLarger, ...data, hideExperts: true, sharedEvidence: true });
    const plan = stubPlan(2, {
      permutations: { count: 59, secondaryCount: 1, scheme: 'independent', seed },
      interval: { method: 'percentile', confidence: 0.95, resamples: 10 },
    });
    const examples = { labels: data.labels, ...exchange(data) };
    found.push(conclude(await takeMeasurements(fusion, examples, plan, silentLogger), plan).p.oneSided);
  }
  return found;
}

const alarms = (values: readonly number[]) => values.filter((p) => p <= ALPHA).length / SETS;
const share = (values: readonly number[], at: number) => values.filter((p) => p <= at).length / SETS;

describe('scores that know the subject and nothing of the example', () => {
  it('raise false alarms where they are shuffled across subjects', async () => {
    expect(alarms(await pValues(bySubject, () => ({})))).toBeGreaterThan(0.5);
  });

  it('have uniform p-values where they are shuffled within', async () => {
    const found = await pValues(bySubject, () => ({ within: subjects }));
    expect(alarms(found)).toBeLessThan(ALPHA + SLACK);
    // Ties count against the claim: p is never too small, and not much too large.
    for (const at of [0.25, 0.5, 0.75]) {
      const slack = 4 * Math.sqrt((at * (1 - at)) / SETS);
      expect(share(found, at)).toBeLessThan(at + slack);
      expect(share(found, at)).toBeGreaterThan(at - 0.08 - slack);
    }
  });
});

describe('scores that belong to a session, which says nothing', () => {
  /** One score a session, whatever the experts do there. */
  const sessions = (seed: number): DataSet => {
    const data = dataSet(seed, (random) => Float64Array.from({ length: ROWS }, () => 0.3 + 0.4 * random()));
    const random = randomFor('sessions', seed);
    const own = [0, 1].map(() => Array.from({ length: BLOCKS }, random));
    return { ...data, scores: own.map((scores) => Array.from(subjects, (subject) => scores[subject])) };
  };

  it('raise false alarms within 5 % where whole sessions change places', async () => {
    let alarmed = 0;
    for (let seed = 0; seed < SETS; seed++) {
      const data = sessions(seed);
      const fusion = stubFusion({ rule: pickLarger, ...data, hideExperts: true, sharedEvidence: true });
      const plan = stubPlan(2, {
        permutations: { count: 59, secondaryCount: 1, scheme: 'independent', seed },
        interval: { method: 'percentile', confidence: 0.95, resamples: 10 },
      });
      const examples = { labels: data.labels, whole: subjects };
      const { p } = conclude(await takeMeasurements(fusion, examples, plan, silentLogger), plan);
      if (p.oneSided <= ALPHA) alarmed++;
    }
    expect(alarmed / SETS).toBeLessThan(ALPHA + SLACK);
    expect(alarmed).toBeGreaterThan(0);
  });
});

describe('scores that depend on the noise, and on nothing else', () => {
  const byNoise = (random: () => number) => Float64Array.from({ length: ROWS }, () => 0.2 + 0.6 * random());

  it('raise false alarms among all rows, and hardly any among rows with about as much noise', async () => {
    expect(alarms(await pValues(byNoise, () => ({})))).toBeGreaterThan(0.5);
    const matched = await pValues(byNoise, ({ quality }) => ({ within: neighbourGroups([quality], 4) }));
    expect(alarms(matched)).toBeLessThan(ALPHA + SLACK);
  });
});
