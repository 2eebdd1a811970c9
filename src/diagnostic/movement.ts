import type { FrozenFusion } from '../model/frozen-fusion.ts';
import type { Predicted } from './gauge-units.ts';
import { differences } from './metrics/multi-label-metrics.ts';

/** How far predicted values, or label sets, are from those of Clean-Q. */
export interface Movement {
  /** Examples whose value, or label set, is another. */
  readonly changed: number;
  /** Mean absolute difference, in the unit of the label; of label sets, the share of their labels that differ. */
  readonly distance: number;
}

/** Sums of the same numbers in another order differ by less than this, relative to the largest. */
const ROUNDING = 2 ** -40;

/**
 * How far a shuffle moves the predicted values, or how many labels it changes.
 *
 * @param clean what the fusion says with Clean-Q
 * @returns undefined for outputs of classes, which do not move but change
 */
export function movementFrom(
  { values: clean, sets }: Predicted,
  { decision, tolerance }: Pick<FrozenFusion, 'decision' | 'tolerance'>,
): ((predicted: Predicted) => Movement) | undefined {
  if (decision.kind === 'labels') return changedLabels(sets, decision.thresholds.length);
  if (decision.kind !== 'value') return undefined;
  const largest = clean.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // What the engine's arithmetic, or that of floats, may leave is no movement.
  const still = Math.max(tolerance, ROUNDING * largest);
  return ({ values }) => {
    let changed = 0;
    let sum = 0;
    for (let i = 0; i < clean.length; i++) {
      const difference = Math.abs(values[i] - clean[i]);
      if (difference > still) changed++;
      sum += difference;
    }
    return { changed, distance: sum / clean.length };
  };
}

/** @param clean [N * width] */
function changedLabels(clean: Uint8Array, width: number): (predicted: Predicted) => Movement {
  const wrong = new Float64Array(clean.length / width);
  return (predicted) => {
    differences({ sets: clean, width }, predicted, wrong);
    let changed = 0;
    let labels = 0;
    for (const count of wrong) {
      if (count > 0) changed++;
      labels += count;
    }
    return { changed, distance: labels / clean.length };
  };
}
