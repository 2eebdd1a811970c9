import { betaQuantile } from './beta-distribution.ts';
import type { Interval } from './bootstrap-interval.ts';
import type { DosePoint } from './diagnosis.ts';
import { mean, standardDeviation } from './spread.ts';

/** Standard error of the mean of independent draws; 0 of a single one. */
export function errorOfMean(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(Math.max(1, values.length - 1));
}

/**
 * Where the gap of a dose would lie with unlimited mixtures and shuffles, by Student's t: it covers the chance in what the
 * simulation drew, on which rows the score is truthful and where the shuffles put it. Other examples it does not cover.
 *
 * @param gaps one per mixture
 * @param shuffleError standard error of what every gap is held against
 */
export function doseInterval(gaps: readonly number[], shuffleError: number, confidence: number): Interval {
  const error = Math.hypot(errorOfMean(gaps), shuffleError);
  return studentInterval(mean(gaps), error, { confidence, degreesOfFreedom: gaps.length - 1 });
}

export function studentInterval(
  value: number,
  standardError: number,
  { confidence, degreesOfFreedom }: { readonly confidence: number; readonly degreesOfFreedom: number },
): Interval {
  const reach = standardError === 0 ? 0 : studentReach(confidence, degreesOfFreedom) * standardError;
  return { lower: value - reach, upper: value + reach };
}

/** The t that a share `confidence` of the distribution does not exceed either way (as `studentCdf`, solved for t). */
function studentReach(confidence: number, degrees: number): number {
  const x = betaQuantile(1 - confidence, degrees / 2, 0.5);
  return Math.sqrt((degrees * (1 - x)) / x);
}

/**
 * The AUROC at which the gap first reaches `threshold`, by linear interpolation between doses: how good a score this rule
 * would need. Null where it never does.
 */
export function requiredAuroc(
  points: readonly Pick<DosePoint, 'auroc' | 'gap'>[],
  threshold: number,
): number | null {
  const reached = points.findIndex((point) => point.gap >= threshold);
  if (reached === -1) return null;
  if (reached === 0) return points[0].auroc;
  const [before, after] = [points[reached - 1], points[reached]];
  const share = (threshold - before.gap) / (after.gap - before.gap);
  return before.auroc + share * (after.auroc - before.auroc);
}

/**
 * The AUROCs at which the threshold lies inside the interval of the gap: from where its upper end reaches it to where its
 * lower end does.
 *
 * @returns upper null where the lower end never does; null where not even the upper end does
 */
export function requiredAurocInterval(
  points: readonly DosePoint[],
  threshold: number,
): { readonly lower: number; readonly upper: number | null } | null {
  const reachedBy = (end: 'lower' | 'upper'): number | null =>
    requiredAuroc(
      points.map((point) => ({ auroc: point.auroc, gap: point[end] })),
      threshold,
    );
  const lower = reachedBy('upper');
  return lower === null ? null : { lower, upper: reachedBy('lower') };
}
