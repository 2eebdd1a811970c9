import type { Targets } from './examples.ts';

/** What is true of some rows, as if there were no others. */
export function targetsOfRows(targets: Targets, rows: Uint32Array): Targets {
  const { labels, values, sets, width } = targets;
  const ownSets = new Uint8Array(sets.length === 0 ? 0 : rows.length * width);
  if (ownSets.length > 0) {
    rows.forEach((row, i) => {
      ownSets.set(sets.subarray(row * width, (row + 1) * width), i * width);
    });
  }
  return {
    ...targets,
    labels: Int32Array.from(rows, (row) => labels[row]),
    values: valuesOfRows(values, rows),
    sets: ownSets,
  };
}

/** Empty where there are none. @param values [N] */
export function valuesOfRows(values: Float64Array, rows: Uint32Array): Float64Array {
  return values.length === 0 ? values : Float64Array.from(rows, (row) => values[row]);
}
