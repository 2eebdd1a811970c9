import { auroc, isConstant } from '../diagnostic/alignment.ts';
import { rightness } from '../diagnostic/appraisal.ts';
import { decide, type ClassKind } from '../model/decision.ts';
import { looksLikeProbabilities } from '../model/output-kind.ts';
import type { FoundScore } from './inspection-schema.ts';
import { type Sampled, widthOf } from './sample.ts';

/** One score of a tensor, [N]. */
export function scoreAt(sampled: Sampled, place: number): Float64Array {
  const width = widthOf(sampled);
  return Float64Array.from(
    { length: sampled.values.length / width },
    (_, i) => sampled.values[i * width + place],
  );
}

/** How far the values of a score lie apart; null where one is not finite. */
export function spreadOf(values: Float64Array): FoundScore['spread'] {
  if (values.length === 0 || !values.every(Number.isFinite)) return null;
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return { min, mean, max, std: Math.sqrt(variance), constant: isConstant(values) };
}

/**
 * How well a score tells where an expert is right: the area under the ROC curve.
 *
 * @param labels classes [N]
 * @returns null where the expert is always right or always wrong, or where scores are not finite
 */
export function alignmentOf(
  score: Float64Array,
  expert: Sampled,
  labels: Int32Array,
  kind: ClassKind,
): number | null {
  const width = widthOf(expert);
  const classes = decide(expert.values, width, { kind, classes: Math.max(2, width) });
  return score.every(Number.isFinite) ? auroc(score, rightness(classes, labels)) : null;
}

/** What numbers look like of which each is of a label of its own. */
export function labelKindOf({ values }: Sampled): 'logits' | 'probabilities' {
  return values.every((value) => value >= 0 && value <= 1) ? 'probabilities' : 'logits';
}

/** What numbers look like; null for what lies in [0, 1] without being probabilities, such as beliefs. */
export function kindOf(sampled: Sampled): 'logits' | 'probabilities' | null {
  const { values } = sampled;
  if (looksLikeProbabilities(values, widthOf(sampled))) return 'probabilities';
  return values.every((value) => value >= 0 && value <= 1) ? null : 'logits';
}
