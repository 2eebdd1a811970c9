import type { Reliability } from '../model/frozen-fusion.ts';
import { groupsOf } from './groups.ts';

/**
 * In how many different ways the scores can be arranged, as a natural logarithm: equal scores are interchangeable.
 *
 * Each arrangement is equally likely under the null hypothesis, so that no p-value can be expected below one in that many.
 *
 * @param within groups that scores stay in, as a shuffle's (see `ShufflePlan`)
 */
export function logArrangements(
  reliability: Reliability,
  scheme: 'independent' | 'joint',
  within?: Int32Array,
): number {
  const perModality = reliability.map(({ width, values }) => rowKeys(width, values));
  const joint = () => perModality[0].map((_, i) => perModality.map((keys) => keys[i]).join(' '));
  const moved = scheme === 'independent' ? perModality : [joint()];
  const { rows, starts } = groupsOf(perModality[0].length, within);
  let sum = 0;
  for (const keys of moved) {
    for (let group = 0; group + 1 < starts.length; group++) {
      sum += logMultinomial(Array.from(rows.subarray(starts[group], starts[group + 1]), (row) => keys[row]));
    }
  }
  return sum;
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
