import { emptyCounts, type Cells, type Counts } from './cells.ts';

/**
 * How good one or several sets of predictions are, one set after the other: what every metric of a gate is made from.
 *
 * C classes, F folds; G gauges, the metrics that are more than counts of right predictions.
 */
export interface Outcomes {
  /** Right predictions per cell, or the sum of their weights [sets * F * C]. */
  readonly hits: Counts;
  /** What the gauges give in each fold, in their order [sets * G * F]. */
  readonly values: Float64Array;
}

/** The outcomes alone of what has them. */
export function outcomesOf({ hits, values }: Outcomes): Outcomes {
  return { hits, values };
}

/** Outcomes to be filled in. */
export function emptyOutcomes(sets: number, cells: Cells, gauges: number): Outcomes {
  const { sizes, folds, weights } = cells;
  return {
    hits: emptyCounts(sets * sizes.length, weights),
    values: new Float64Array(sets * gauges * folds.names.length),
  };
}

/** Outcomes of the sets of all parts, one part behind the other. */
export function joinOutcomes(parts: readonly Outcomes[]): Outcomes {
  const joined = {
    hits: joinCounts(parts.map(({ hits }) => hits)),
    values: new Float64Array(parts.reduce((sum, { values }) => sum + values.length, 0)),
  };
  let valuesAt = 0;
  for (const { values } of parts) {
    joined.values.set(values, valuesAt);
    valuesAt += values.length;
  }
  return joined;
}

/** One behind the other; all are of one kind. */
export function joinCounts(parts: readonly Counts[]): Counts {
  const kind = parts[0].constructor as new (length: number) => Counts;
  const joined = new kind(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
