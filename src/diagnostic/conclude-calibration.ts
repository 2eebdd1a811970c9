import { binomialInterval } from './binomial-interval.ts';
import type { Facts } from './measurements.ts';
import type { CalibrationBin, ConcludedBin, ConcludedCalibration } from './score-findings.ts';

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
