import { describe, expect, it } from 'vitest';

import { jackknifeError } from '../../src/diagnostic/bootstrap-interval.ts';
import { cellsOf } from '../../src/diagnostic/cells.ts';
import { intervalBy, resampleGaps } from '../../src/diagnostic/gap-interval.ts';
import { classesAlone, GRAIN, groupCount, groupUnits } from '../../src/diagnostic/gauge-units.ts';
import { examplesNeeded, unseenGap } from '../../src/diagnostic/power.ts';
import { randomFor, type Random } from '../../src/diagnostic/random.ts';

const CLUSTERS = 40;
const SIZE = 6;
const ROWS = CLUSTERS * SIZE;
const clusters = Int32Array.from({ length: ROWS }, (_, i) => i % CLUSTERS);
const noLabels = new Int32Array(ROWS);
const oneCell = cellsOf(noLabels, 1);

/** Normal (Box and Muller 1958). */
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Values with a part that a cluster has in common: variance 1 between clusters and 1 within. */
function clustered(random: Random): Float64Array {
  const shared = Array.from({ length: CLUSTERS }, () => normal(random));
  return Float64Array.from(clusters, (cluster) => shared[cluster] + normal(random));
}

const gapOf = (values: Float64Array, seed: number, how: { clusters?: Int32Array }) =>
  resampleGaps([{ values, meanOver: 'folds' }], oneCell, { resamples: 200, seed, ...how })[0];

describe('the interval over clusters', () => {
  it('has the standard error of a mean of clusters', () => {
    const values = clustered(randomFor('one'));
    const means = Array.from(
      { length: CLUSTERS },
      (_, cluster) => values.reduce((sum, value, i) => sum + (clusters[i] === cluster ? value : 0), 0) / SIZE,
    );
    const centre = means.reduce((sum, mean) => sum + mean, 0) / CLUSTERS;
    const variance = means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (CLUSTERS - 1);
    const gap = gapOf(values, 1, { clusters });
    expect(gap.estimate).toBeCloseTo(centre, 12);
    // Of equal clusters the jackknife is the textbook's error exactly.
    expect(jackknifeError(gap)).toBeCloseTo(Math.sqrt(variance / CLUSTERS), 12);
  });

  it('covers the truth about as often as it says, and that over examples does not', () => {
    const sets = 300;
    const covered = { clusters: 0, examples: 0 };
    for (let s = 0; s < sets; s++) {
      const values = clustered(randomFor('coverage', s));
      for (const over of ['clusters', 'examples'] as const) {
        const { lower, upper } = intervalBy(
          'percentile',
          gapOf(values, s, over === 'clusters' ? { clusters } : {}),
          0.9,
        );
        if (lower <= 0 && upper >= 0) covered[over]++;
      }
    }
    // 0.90 less the few per cent that 40 clusters cost, and four binomial standard errors either way.
    expect(covered.clusters / sets).toBeGreaterThan(0.87 - 4 * Math.sqrt((0.9 * 0.1) / sets));
    expect(covered.clusters / sets).toBeLessThan(0.9 + 4 * Math.sqrt((0.9 * 0.1) / sets));
    // The true error is sqrt(1/40 + 1/240) = 0.171, that over examples sqrt(2/240) = 0.091: 1.645 * 0.091 covers 62 %.
    expect(Math.abs(covered.examples / sets - 0.62)).toBeLessThan(4 * Math.sqrt((0.62 * 0.38) / sets));
  });
});

describe('groups of a metric that is no mean', () => {
  it('are of whole clusters', () => {
    const seen: Float64Array[] = [];
    const units = groupUnits(
      ROWS,
      GRAIN,
      7,
      {
        once: () => [ROWS],
        again: (weights) => {
          seen.push(weights.slice());
          return [ROWS];
        },
      },
      clusters,
    );
    expect(units.count).toBe(CLUSTERS);
    units.values(classesAlone(noLabels), new Float64Array(CLUSTERS));
    const leftOut = seen.map((weights) => [...weights.keys()].filter((i) => weights[i] === 0));
    expect(leftOut).toHaveLength(CLUSTERS);
    expect(leftOut.every((rows) => new Set(rows.map((i) => clusters[i])).size === 1)).toBe(true);
    expect(leftOut.flat().toSorted((a, b) => a - b)).toEqual([...clusters.keys()]);
  });

  it('are at most 50, of several clusters each where there are more', () => {
    expect(groupCount(ROWS, clusters)).toBe(CLUSTERS);
    expect(groupCount(ROWS)).toBe(50);
    expect(
      groupCount(
        400,
        Int32Array.from({ length: 400 }, (_, i) => i >> 1),
      ),
    ).toBe(50);
  });
});

describe('power over clusters', () => {
  const base = {
    gap: 0,
    standardError: 0.001,
    criticalGap: 0.001,
    threshold: 0.1,
    alpha: 0.05,
    mostPerExample: 1,
  };

  it('takes clusters for what may not have been seen', () => {
    // 1 - 0.05^(1/40)
    expect(unseenGap({ groups: [40], alpha: 0.05, mostPerExample: 1 })).toBeCloseTo(0.0721575, 7);
  });

  it('asks for examples in as many times more clusters', () => {
    // log 0.05 / log 0.9 = 28.4: 29 clusters, where there are 10 with 60 examples.
    expect(examplesNeeded({ ...base, groups: [10], examples: 60 })).toBe(Math.ceil((60 * 29) / 10));
    expect(examplesNeeded({ ...base, groups: [60] })).toBe(29);
  });
});
