import type { Reliability } from '../model/frozen-fusion.ts';
import { exchangeUnits, type Exchange } from './exchange.ts';
import type { Groups } from './groups.ts';
import { exchangeFor, zeroWhereAbsent } from './presence.ts';

/**
 * In how many different ways the scores can be arranged, as a natural logarithm: equal scores are interchangeable.
 *
 * Each arrangement is equally likely under the null hypothesis, so that no p-value can be expected below one in that many.
 */
export function logArrangements(
  reliability: Reliability,
  scheme: 'independent' | 'joint',
  exchange: Exchange = {},
): number {
  const perModality = reliability.map((scores) =>
    rowKeys(scores.width, zeroWhereAbsent(scores.values, scores, scores.width)),
  );
  const joint = () => perModality[0].map((_, i) => perModality.map((keys) => keys[i]).join(' '));
  const moved = scheme === 'independent' ? perModality : [joint()];
  let sum = 0;
  for (const [m, keys] of moved.entries()) {
    const { members, among } = exchangeUnits(
      keys.length,
      exchangeFor(reliability, m, { ...exchange, scheme }),
    );
    const ofUnits = partsOf(members).map((rows) => Array.from(rows, (row) => keys[row]).join(' '));
    for (const units of partsOf(among)) sum += logMultinomial(Array.from(units, (unit) => ofUnits[unit]));
  }
  return sum;
}

function partsOf({ rows, starts }: Groups): Uint32Array[] {
  return Array.from({ length: starts.length - 1 }, (_, group) =>
    rows.subarray(starts[group], starts[group + 1]),
  );
}

function rowKeys(width: number, values: Float64Array): string[] {
  return Array.from({ length: values.length / width }, (_, i) =>
    values.subarray(i * width, (i + 1) * width).join(' '),
  );
}

/** log(n! / prod_v n_v!), where n_v counts each distinct key. */
function logMultinomial(keys: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - logFactorial(count), logFactorial(keys.length));
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
}
