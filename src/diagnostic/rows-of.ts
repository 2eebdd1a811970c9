import type { Targets } from './examples.ts';

/** What is true of some rows, as if there were no others. */
export function targetsOfRows(targets: Targets, rows: Uint32Array): Targets {
  const { labels, values, sets, width } = targets;
  return {
    ...targets,
    labels: Int32Array.from(rows, (row) => labels[row]),
    values: valuesOfRows(values, rows),
    sets: Uint8Array.from(elementsOf(rows, width), (i) => sets[i]),
  };
}

/** Empty where there are none. @param values [N] */
export function valuesOfRows(values: Float64Array, rows: Uint32Array): Float64Array {
  return values.length === 0 ? values : Float64Array.from(rows, (row) => values[row]);
}

/** Places of the numbers of some rows in a list with so many a row. */
export function elementsOf(rows: Uint32Array, width: number): Uint32Array {
  const places = new Uint32Array(rows.length * width);
  for (let i = 0; i < places.length; i++) places[i] = rows[Math.floor(i / width)] * width + (i % width);
  return places;
}
