import type { Reliability } from '../model/frozen-fusion.ts';
import type { Appraisal } from './appraisal.ts';
import type { Alignment } from './diagnosis.ts';
import { wherePresent } from './presence.ts';

/** Which end of a score means that the expert can be trusted. */
export type ReliableWhen = 'high' | 'low';

/**
 * How well each modality's score tells when its expert is right; of values, how near to the truth it is (the correlations),
 * and whether it is the nearest of the experts (the AUROC), which is what the truthful scores of a control tell.
 *
 * Over the rows on which the modality is present. A score that means reliable where it is low is turned round first: better than chance is always above 0 and 0.5.
 */
export function alignment(
  reliability: Reliability,
  appraisals: readonly Appraisal[],
  modalities: readonly string[],
  reliableWhen: readonly ReliableWhen[],
): Record<string, Alignment> {
  return Object.fromEntries(
    modalities.map((modality, m): [string, Alignment] => {
      const { width } = reliability[m];
      if (width !== 1) return [modality, { pearson: null, spearman: null, auroc: null }];
      const values = wherePresent(reliability[m].values, reliability[m]);
      const score = reliableWhen[m] === 'high' ? values : values.map((value) => -value);
      const merit = wherePresent(appraisals[m].merit, reliability[m]);
      const isTrusted = wherePresent(appraisals[m].isTrusted, reliability[m]);
      return [
        modality,
        {
          pearson: pearson(score, merit),
          spearman: spearman(score, merit),
          auroc: auroc(score, isTrusted),
        },
      ];
    }),
  );
}

/** Pearson's correlation of two [N] arrays; null where either is constant. */
export function pearson(x: Float64Array, y: Float64Array): number | null {
  if (isConstant(x) || isConstant(y)) return null;
  const [a, b] = [centred(x), centred(y)];
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < a.length; i++) {
    xy += a[i] * b[i];
    xx += a[i] * a[i];
    yy += b[i] * b[i];
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  return scale === 0 ? null : Math.max(-1, Math.min(1, xy / scale));
}

/** Spearman's rank correlation: Pearson's of the mid-ranks; null where either is constant. */
export function spearman(x: Float64Array, y: Float64Array): number | null {
  return pearson(midRanks(x), midRanks(y));
}

/**
 * Area under the ROC curve of `score` for the rows where `positive` is 1: the Mann-Whitney statistic with ties counted
 * half; null where one class is missing.
 */
export function auroc(score: Float64Array, positive: Float64Array): number | null {
  const ranks = midRanks(score);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < score.length; i++) {
    if (positive[i] !== 1) continue;
    positives++;
    rankSum += ranks[i];
  }
  const negatives = score.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function midRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

export function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

/** Deviations from the mean, in units of the largest value: squares of 1e200 or 1e-200 would leave the range of a float. */
function centred(values: Float64Array): Float64Array {
  const unit = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const scaled = values.map((value) => value / unit);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  return scaled.map((value) => value - mean);
}
