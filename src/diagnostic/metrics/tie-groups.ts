/**
 * Where the group of equal values that each value belongs to begins in ascending order [N]: how many are smaller.
 *
 * Sorting bare numbers and looking each one up is several times faster than sorting rows by a comparison.
 *
 * @param sorted scratch [N]; holds the values in ascending order afterwards
 * @param starts [N], written to and returned
 */
export function tieStarts(values: Float64Array, sorted: Float64Array, starts: Uint32Array): Uint32Array {
  sorted.set(values);
  sorted.sort();
  for (let i = 0; i < values.length; i++) starts[i] = firstAtLeast(sorted, values[i]);
  return starts;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
