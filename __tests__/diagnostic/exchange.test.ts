import { describe, expect, it } from 'vitest';

import { logArrangements } from '../../src/diagnostic/arrangements.ts';
import { crossed, exchangeUnits, rearrangement, type Exchange } from '../../src/diagnostic/exchange.ts';
import { conclude } from '../../src/diagnostic/conclude.ts';
import { takeMeasurements } from '../../src/diagnostic/take-measurements.ts';
import { chanceAuroc } from '../../src/diagnostic/truthful-scores.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { stubFusion, stubPlan, type StubRule } from './stub-fusion.ts';

function ordersOf(size: number): number[][] {
  if (size === 0) return [[]];
  return ordersOf(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}

/** Every rearrangement that an exchange allows, from its definition. */
function allowed(size: number, { within, whole }: Exchange): number[][] {
  const blockOf = (row: number) => whole?.[row] ?? row;
  const rowsOf = (block: number) =>
    Array.from({ length: size }, (_, i) => i).filter((i) => blockOf(i) === block);
  return ordersOf(size).filter((order) =>
    order.every((from, to) => {
      const [a, b] = [rowsOf(blockOf(from)), rowsOf(blockOf(to))];
      const movesAsWhole = a.length === b.length && b.every((row, i) => order[row] === a[i]);
      return movesAsWhole && (within === undefined || within[from] === within[to]);
    }),
  );
}

const SEVEN: readonly (readonly [string, Exchange, number])[] = [
  ['three groups', { within: Int32Array.of(0, 1, 0, 1, 0, 1, 2) }, 36],
  ['a group and single rows', { within: Int32Array.of(3, 3, 0, 3, 1, 3, 2) }, 24],
  ['whole blocks of two and three rows', { whole: Int32Array.of(0, 1, 0, 1, 2, 2, 2) }, 2],
  ['whole blocks of single rows and of two', { whole: Int32Array.of(0, 1, 2, 2, 3, 4, 4) }, 12],
  [
    'whole blocks within groups',
    { whole: Int32Array.of(0, 1, 2, 3, 4, 5, 6), within: Int32Array.of(0, 0, 0, 1, 1, 1, 1) },
    144,
  ],
];

describe.each(SEVEN)('%s', (_, exchange, count) => {
  const all = allowed(7, exchange);

  it('have as many arrangements as counting gives', () => {
    expect(all).toHaveLength(count);
    const distinct = [{ width: 1, values: Float64Array.of(1, 2, 3, 4, 5, 6, 7) }];
    expect(logArrangements(distinct, 'independent', exchange)).toBeCloseTo(Math.log(count), 12);
    expect(logArrangements([...distinct, ...distinct], 'independent', exchange)).toBeCloseTo(
      2 * Math.log(count),
      12,
    );
    expect(logArrangements([...distinct, ...distinct], 'joint', exchange)).toBeCloseTo(Math.log(count), 12);
  });

  it('are drawn with the same chance each', () => {
    const units = exchangeUnits(7, exchange);
    const draws = 200 * count;
    const counts = new Map(all.map((order) => [order.join(' '), 0]));
    for (let k = 0; k < draws; k++) {
      const order = rearrangement(units, 3, 'exchange', k).join(' ');
      expect(counts.has(order)).toBe(true);
      counts.set(order, counts.get(order)! + 1);
    }
    const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0);
    // Mean and variance of chi-squared: degrees of freedom, and twice that. Five standard deviations.
    expect(chiSquared).toBeLessThan(count - 1 + 5 * Math.sqrt(2 * (count - 1)));
  });

  it('give the p-value and the gap of all of them', async () => {
    const labels = [1, 0, 1, 1, 0, 1, 0];
    const says = [1, 0, 1, 1, 0, 0, 1];
    const scores = [0.9, 0.8, 0.2, 0.7, 0.6, 0.1, 0.3];
    // The expert is believed where its score is high.
    const rule: StubRule = ([score], [said]) => (score > 0.5 ? said : 1 - said);
    const hitsOf = (order: readonly number[]) =>
      labels.filter((label, i) => rule([scores[order[i]]], [says[i]]) === label).length;
    const clean = hitsOf([0, 1, 2, 3, 4, 5, 6]);
    const hits = all.map(hitsOf);
    const exactP = hits.filter((n) => n >= clean).length / count;
    const exactGap = (clean - hits.reduce((sum, n) => sum + n, 0) / count) / 7;

    const fusion = stubFusion({ rule, predicted: [says], scores: [scores] });
    const draws = 4000;
    const plan = stubPlan(1, {
      permutations: { count: draws, secondaryCount: 19, scheme: 'independent', seed: 2 },
    });
    const examples = { labels: Int32Array.from(labels), ...exchange };
    const { p, gap } = conclude(await takeMeasurements(fusion, examples, plan, silentLogger), plan);
    // Four standard errors, and the one that is added to the count.
    expect(Math.abs(p.oneSided - exactP)).toBeLessThan(4 * Math.sqrt(0.25 / draws) + 1 / draws);
    expect(Math.abs(gap.value - exactGap)).toBeLessThan((4 * 0.5) / Math.sqrt(draws));
  });

  it('have the mean AUROC of a moved truth in closed form', () => {
    const truth = Float64Array.of(1, 0, 0, 1, 1, 0, 1);
    const levels = { trusted: Float64Array.of(1), distrusted: Float64Array.of(0) };
    const areas = all.map((order) => {
      let sum = 0;
      for (let i = 0; i < 7; i++) {
        for (let j = 0; j < 7; j++) {
          if (truth[i] !== 1 || truth[j] !== 0) continue;
          const [high, low] = [truth[order[i]], truth[order[j]]];
          sum += high > low ? 1 : high === low ? 0.5 : 0;
        }
      }
      return sum / 12;
    });
    const truths = { modalities: ['a'], truth: [truth], levels: [levels], tested: [0] };
    const exact = areas.reduce((sum, area) => sum + area, 0) / count;
    expect(chanceAuroc(truths, exchange)).toBeCloseTo(exact, 12);
  });
});

it('rows are in one group of a crossing where they are in all groupings', () => {
  const [a, b] = [Int32Array.of(0, 0, 1, 1, 0), Int32Array.of(5, 5, 5, 2, 2)];
  expect([...crossed([a, b])]).toEqual([0, 0, 1, 2, 3]);
  expect([...crossed([b])]).toEqual([0, 0, 0, 1, 1]);
});

describe('what cannot be judged', () => {
  const invalidOf = async (exchange: Exchange & { withinWhat?: string[] }, scores: readonly number[]) => {
    const rule: StubRule = ([score], [said]) => (score > 0.5 ? said : 1 - said);
    const fusion = stubFusion({ rule, predicted: [[1, 0, 1, 0]], scores: [scores] });
    const examples = { labels: Int32Array.of(1, 0, 1, 1), ...exchange };
    const plan = stubPlan(1);
    return (await takeMeasurements(fusion, examples, plan, silentLogger)).invalid;
  };
  const distinct = [0.1, 0.2, 0.8, 0.9];

  it.each([
    [
      { within: Int32Array.of(0, 1, 2, 3), withinWhat: ['block "subject"'] },
      distinct,
      'shuffles stay within each block "subject", and each has a single evaluated row: no score can change its place',
    ],
    [
      { within: Int32Array.of(0, 0, 1, 1), withinWhat: ['block "subject"'] },
      [0.1, 0.1, 0.9, 0.9],
      'shuffles stay within each block "subject", and every reliability score is the same on all rows of one: shuffling changes nothing',
    ],
    [
      { whole: Int32Array.of(0, 1, 1, 1) },
      distinct,
      'every block has a number of rows of its own, so that no two can change places',
    ],
    [
      { whole: Int32Array.of(0, 0, 1, 1) },
      [0.1, 0.9, 0.1, 0.9],
      'all blocks with the same number of rows have the same scores, so that shuffling changes nothing',
    ],
  ])('is said: %j', async (exchange, scores, sentence) => {
    expect(await invalidOf(exchange, scores)).toBe(sentence);
  });

  it('is nothing where one group has two scores', async () => {
    expect(await invalidOf({ within: Int32Array.of(0, 0, 1, 2) }, distinct)).toBeNull();
  });
});
