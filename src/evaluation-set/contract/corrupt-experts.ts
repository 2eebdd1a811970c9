import { ConfigurationError } from '../../foundation/errors.ts';
import type { Column } from '../evaluation-set.ts';

/** A score below this marks the example as corrupted; the layout has 0 and 1. */
const MARK = 0.5;

/**
 * The paper's decisional corruption: on marked examples the expert is sure of the wrong class.
 *
 * @param expert probabilities of class 1, [N]
 * @param scores of the same modality, [N]
 * @param labels 0 or 1, [N]
 * @param evaluated 1 on the examples that may be corrupted, [N]
 * @param size of the logit of the wrong class
 */
export function corruptExpert(
  expert: Column,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  evaluated: ArrayLike<number>,
  size: number,
): Column {
  if (expert.kind === 'text' || expert.shape.length !== 1) {
    throw new ConfigurationError(
      `The experts "${expert.name}" are ${expert.dtype} with shape [${expert.shape.join(', ')}]; corruption needs the probability of class 1, one number for each example.`,
    );
  }
  const wrong = [sigmoid(size), sigmoid(-size)];
  const values = Float64Array.from(expert.values, (value, row) =>
    evaluated[row] === 1 && scores[row] < MARK ? wrong[labels[row]] : value,
  );
  return { ...expert, dtype: 'float64', values };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
