import { groupsOf } from './groups.ts';

/**
 * Disjoint groups of rows that are near each other: the leaves of a k-d tree (Bentley 1975), each time cut across the column
 * with the largest range (Friedman, Bentley and Finkel 1977), in units of its standard deviation over all rows.
 *
 * To shuffle within such groups is the local permutation test of conditional independence (Kim, Neykov, Balakrishnan and
 * Wasserman 2022): scores that depend on these columns alone are nearly exchangeable where the columns are nearly the same.
 *
 * @param columns finite numbers [N] each, at least one
 * @param size rows in a group, or a few more: n rows make floor(n / size) groups, whose sizes differ by a few at most
 * @param within group of each row [N], numbers from 0, that is divided further. Default: all rows are one group
 * @returns group of each row [N], numbers from 0
 */
export function neighbourGroups(
  columns: readonly Float64Array[],
  size: number,
  within?: Int32Array,
): Int32Array {
  const scaled = columns.map(standardised);
  const { rows, starts } = groupsOf(columns[0].length, within);
  const result = new Int32Array(rows.length);
  let count = 0;
  const divide = (part: Uint32Array, leaves: number): void => {
    if (leaves <= 1) {
      for (const row of part) result[row] = count;
      count++;
      return;
    }
    const values = widest(scaled, part);
    // Of equal values the earlier row comes first, so that nothing is left to the engine's sort.
    const sorted = part.toSorted((a, b) => values[a] - values[b] || a - b);
    const half = Math.floor(leaves / 2);
    const cut = Math.round((part.length * half) / leaves);
    divide(sorted.subarray(0, cut), half);
    divide(sorted.subarray(cut), leaves - half);
  };
  for (let group = 0; group + 1 < starts.length; group++) {
    const part = rows.subarray(starts[group], starts[group + 1]);
    if (part.length > 0) divide(part, Math.floor(part.length / size));
  }
  return result;
}

/** In units of the standard deviation; a constant column is left as it is, which parts nothing. */
function standardised(values: Float64Array): Float64Array {
  // In units of the largest first: squares of 1e200 would leave the range of a float.
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const units = values.map((value) => value / largest);
  const centre = units.reduce((sum, value) => sum + value, 0) / units.length;
  const deviation = Math.sqrt(units.reduce((sum, value) => sum + (value - centre) ** 2, 0) / units.length);
  return units.map((value) => value / (deviation || 1));
}

/** The column with the largest range over these rows; the first one on ties. */
function widest(columns: readonly Float64Array[], rows: Uint32Array): Float64Array {
  const ranges = columns.map((values) => {
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) {
      low = Math.min(low, values[row]);
      high = Math.max(high, values[row]);
    }
    return high - low;
  });
  return columns[ranges.indexOf(Math.max(...ranges))];
}
