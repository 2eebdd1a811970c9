import { binomialInterval } from './binomial-interval.ts';
import type { Interval } from './bootstrap-interval.ts';
import type { Facts } from './measurements.ts';
import type { CalibrationBin, CalibrationFacts, ScoreCalibration } from './score-calibration.ts';

/** A bin with how sure its share is. */
export type ConcludedBin = Omit<CalibrationBin, 'right'> & {
  readonly shareRight: number;
  /** Clopper and Pearson's; null where examples hang together, so that they are fewer than they seem. */
  readonly interval: Interval | null;
};

export interface ConcludedCalibration extends Pick<ScoreCalibration, 'leftOut'> {
  /** Null where it is left out. */
  readonly found: (Omit<CalibrationFacts, 'bins'> & { readonly bins: readonly ConcludedBin[] }) | null;
}

/** The calibration that was measured, with intervals. Null without expert outputs. */
export function concludeCalibration(
  { calibration, clusters }: Pick<Facts, 'calibration' | 'clusters'>,
  confidence: number,
): Record<string, ConcludedCalibration> | null {
  if (calibration === null) return null;
  const concluded = ({ right, count, ...bin }: CalibrationBin): ConcludedBin => ({
    ...bin,
    count,
    shareRight: right / count,
    interval: clusters ? null : binomialInterval(right, count, confidence),
  });
  return Object.fromEntries(
    Object.entries(calibration).map(([modality, { found, leftOut }]) => [
      modality,
      { found: found && { ...found, bins: found.bins.map(concluded) }, leftOut },
    ]),
  );
}
