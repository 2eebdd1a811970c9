/** What the numbers of an output of classes are. A width of 1 is a binary output that speaks of class 1. */
export type ClassKind = 'logits' | 'probabilities' | 'score';

/** What outputs [N, width] predict, and how. */
export type Decision = ClassDecision | ValueDecision | LabelsDecision;

export interface ClassDecision {
  readonly kind: ClassKind;
  /** Number of classes C. An output of width 1 has C = 2. */
  readonly classes: number;
  /**
   * Binary outputs only: class 1 where its probability is at least this (of a bare score: where the score is).
   * Undefined: 0.5 for an output of width 1, else the class of the largest output, the lowest one on ties.
   */
  readonly threshold?: number;
}

/** Outputs [N, 1] are the prediction itself, in the unit of the label. */
export interface ValueDecision {
  readonly kind: 'value';
  /** What has no classes counts as one class, which every example has and every prediction is. */
  readonly classes: 1;
}

/** Outputs [N, L] each column of which says of one label whether the example has it: it may have several, or none. */
export interface LabelsDecision {
  readonly kind: 'labels';
  readonly numbers: 'logits' | 'probabilities';
  /** As for values. */
  readonly classes: 1;
  /** A label is predicted where its probability is at least this [L]. */
  readonly thresholds: readonly number[];
}

export const VALUE: ValueDecision = { kind: 'value', classes: 1 };

export type Floats = Float32Array | Float64Array;

/**
 * Predicted class of each row.
 *
 * @param values outputs [N * width], row-major; width is 1 or `decision.classes`
 * @returns classes [N]; all 0 where the output has no classes
 */
export function decide(values: Floats, width: number, decision: Decision): Int32Array {
  const rows = values.length / width;
  const classes = new Int32Array(rows);
  if (decision.kind === 'value' || decision.kind === 'labels') return classes;
  const { kind, threshold } = decision;
  if (width === 1) {
    const at = cutOff(kind, threshold ?? 0.5);
    for (let i = 0; i < rows; i++) classes[i] = values[i] >= at ? 1 : 0;
    return classes;
  }
  if (threshold !== undefined) {
    const at = cutOff(kind, threshold);
    for (let i = 0; i < rows; i++) {
      const value = kind === 'logits' ? values[2 * i + 1] - values[2 * i] : values[2 * i + 1];
      classes[i] = value >= at ? 1 : 0;
    }
    return classes;
  }
  for (let i = 0; i < rows; i++) {
    const start = i * width;
    let best = 0;
    for (let c = 1; c < width; c++) if (values[start + c] > values[start + best]) best = c;
    classes[i] = best;
  }
  return classes;
}

/** Predicted labels. @param values [N * L] @returns 1 where the example is predicted to have the label [N * L] */
export function decideLabels(
  values: Floats,
  { numbers, thresholds }: Omit<LabelsDecision, 'kind'>,
): Uint8Array {
  const cuts = thresholds.map((threshold) => cutOff(numbers, threshold));
  const sets = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start += cuts.length) {
    for (let l = 0; l < cuts.length; l++) sets[start + l] = values[start + l] >= cuts[l] ? 1 : 0;
  }
  return sets;
}

/** Probability of each label [N * L]: the sigmoid of its logit, or as it is. */
export function labelPosteriors(values: Floats, numbers: LabelsDecision['numbers']): Float64Array {
  const posteriors = Float64Array.from(values);
  if (numbers === 'probabilities') return posteriors;
  for (let at = 0; at < posteriors.length; at++) posteriors[at] = 1 / (1 + Math.exp(-posteriors[at]));
  return posteriors;
}

/** The threshold on the scale of the output: a probability p is the log-odds log(p / (1 - p)) among logits. */
export function cutOff(kind: ClassKind, threshold: number): number {
  return kind === 'logits' ? Math.log(threshold / (1 - threshold)) : threshold;
}

/**
 * Outputs as posteriors: softmax or sigmoid of logits, probabilities as they are, a width of 1 widened to two columns.
 *
 * @param values outputs [N * width]
 * @returns posteriors [N * classes]; undefined for `score`, which has no probability
 */
export function posteriors(values: Floats, width: number, kind: ClassKind): Float64Array | undefined {
  if (kind === 'score') return undefined;
  if (width === 1) {
    const result = new Float64Array(values.length * 2);
    for (let i = 0; i < values.length; i++) {
      const p = kind === 'logits' ? 1 / (1 + Math.exp(-values[i])) : values[i];
      result[2 * i] = 1 - p;
      result[2 * i + 1] = p;
    }
    return result;
  }
  if (kind === 'probabilities') return new Float64Array(values);
  return softmaxRows(values, width);
}

/** Softmax of each row of [N * width], shifted by the row's maximum so that it cannot overflow. */
export function softmaxRows(values: Floats, width: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    let max = -Infinity;
    for (let c = 0; c < width; c++) if (values[start + c] > max) max = values[start + c];
    let sum = 0;
    for (let c = 0; c < width; c++) sum += result[start + c] = Math.exp(values[start + c] - max);
    for (let c = 0; c < width; c++) result[start + c] /= sum;
  }
  return result;
}
