import type { Cells } from './cells.ts';

/**
 * How good one or several sets of predictions are, one set after the other: what every metric of a gate is made from.
 *
 * C classes, F folds; G gauges, the metrics that are more than counts of right predictions.
 */
export interface Outcomes {
  /** Right predictions per cell [sets * F * C]. */
  readonly hits: Uint32Array;
  /** What the gauges give in each fold, in their order [sets * G * F]. */
  readonly values: Float64Array;
}

/** The outcomes alone of what has them. */
export function outcomesOf({ hits, values }: Outcomes): Outcomes {
  return { hits, values };
}

/** Outcomes to be filled in. */
export function emptyOutcomes(sets: number, cells: Cells, gauges: number): Outcomes {
  const { sizes, folds } = cells;
  return {
    hits: new Uint32Array(sets * sizes.length),
    values: new Float64Array(sets * gauges * folds.names.length),
  };
}

/** Outcomes of the sets of all parts, one part behind the other. */
export function joinOutcomes(parts: readonly Outcomes[]): Outcomes {
  const size = (of: (part: Outcomes) => ArrayLike<number>): number =>
    parts.reduce((sum, part) => sum + of(part).length, 0);
  const joined = {
    hits: new Uint32Array(size(({ hits }) => hits)),
    values: new Float64Array(size(({ values }) => values)),
  };
  let [hitsAt, valuesAt] = [0, 0];
  for (const { hits, values } of parts) {
    joined.hits.set(hits, hitsAt);
    joined.values.set(values, valuesAt);
    hitsAt += hits.length;
    valuesAt += values.length;
  }
  return joined;
}
