import type { FrozenFusion } from '../model/frozen-fusion.ts';
import { totalOf } from './cells.ts';
import type { Predicted } from './gauge-units.ts';
import { differences } from './metrics/multi-label-metrics.ts';

/** How far predicted values, or label sets, are from those of Clean-Q. */
export interface Movement {
  /** Examples whose value, or label set, is another, or the sum of their weights. */
  readonly changed: number;
  /** (Weighted) mean absolute difference, in the unit of the label; of label sets, the share of their labels that differ. */
  readonly distance: number;
}

/** Sums of the same numbers in another order differ by less than this, relative to the largest. */
const ROUNDING = 2 ** -40;

/**
 * How far a shuffle moves the predicted values, or how many labels it changes.
 *
 * @param clean what the fusion says with Clean-Q
 * @param weights of the examples [N]. Default: all 1
 * @returns undefined for outputs of classes, which do not move but change
 */
export function movementFrom(
  { values: clean, sets }: Predicted,
  { decision, tolerance }: Pick<FrozenFusion, 'decision' | 'tolerance'>,
  weights?: Float64Array,
): ((predicted: Predicted) => Movement) | undefined {
  if (decision.kind === 'labels') return changedLabels(sets, decision.thresholds.length, weights);
  if (decision.kind !== 'value') return undefined;
  const largest = clean.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // What the engine's arithmetic, or that of floats, may leave is no movement.
  const still = Math.max(tolerance, ROUNDING * largest);
  const total = weights ? totalOf(weights) : clean.length;
  return ({ values }) => {
    let changed = 0;
    let sum = 0;
    for (let i = 0; i < clean.length; i++) {
      const difference = Math.abs(values[i] - clean[i]);
      const weight = weights ? weights[i] : 1;
      if (difference > still) changed += weight;
      sum += weight * difference;
    }
    return { changed, distance: sum / total };
  };
}

/** @param clean [N * width] */
function changedLabels(
  clean: Uint8Array,
  width: number,
  weights: Float64Array | undefined,
): (predicted: Predicted) => Movement {
  const wrong = new Float64Array(clean.length / width);
  const total = weights ? totalOf(weights) : wrong.length;
  return (predicted) => {
    differences({ sets: clean, width }, predicted, wrong);
    let changed = 0;
    let labels = 0;
    for (let i = 0; i < wrong.length; i++) {
      const weight = weights ? weights[i] : 1;
      if (wrong[i] > 0) changed += weight;
      labels += weight * wrong[i];
    }
    return { changed, distance: labels / (total * width) };
  };
}
