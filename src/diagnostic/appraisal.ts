import type { ExpertOutputs } from '../model/frozen-fusion.ts';
import type { Targets } from './examples.ts';
import { differences } from './metrics/multi-label-metrics.ts';

/** What an expert is worth on each example. */
export interface Appraisal {
  /**
   * How good it is [N]; more is better: 1 where it is right, else 0; of values, its absolute error, negative; of labels, the
   * share of them that is wrong (the Hamming loss), negative.
   */
  readonly merit: Float64Array;
  /**
   * 1 where a truthful score would trust it, else 0 [N]: where it is right; of values and of labels, where it is the nearest
   * to the truth of all experts, several of them on ties.
   */
  readonly isTrusted: Float64Array;
}

/**
 * What a truthful score would say of each expert.
 *
 * A value is never right or wrong, and where errors become large is for nobody but the user to know; of many labels some are
 * wrong nearly always: so experts on values and on labels are held against each other, which is what a fusion rule has to
 * choose by. A single expert is always the nearest, and no score could tell that.
 */
export function appraise(experts: ExpertOutputs, targets: Targets): Appraisal[] {
  const merits = experts.map((expert) => meritOf(expert, targets));
  if (targets.task === 'classification') return merits.map((merit) => ({ merit, isTrusted: merit }));
  const best = merits.reduce((most, merit) => most.map((value, i) => Math.max(value, merit[i])));
  return merits.map((merit) => ({
    merit,
    isTrusted: merit.map((value, i) => Number(value === best[i])),
  }));
}

function meritOf({ classes, values, sets }: ExpertOutputs[number], targets: Targets): Float64Array {
  const { task, labels, values: truth, width } = targets;
  if (task === 'classification') return rightness(classes, labels);
  if (task === 'regression') return Float64Array.from(truth, (value, i) => -Math.abs(values![i] - value));
  return differences(targets, { sets: sets! }, new Float64Array(labels.length)).map(
    (wrong) => -wrong / width,
  );
}

/** 1 where the prediction is right, else 0, [N]. */
export function rightness(predicted: Int32Array, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (label, i) => (predicted[i] === label ? 1 : 0));
}
