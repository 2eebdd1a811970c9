import type { ArmFacts, Facts } from '../diagnostic/measurements.ts';
import { ARMS, CHANGES, type ScoreCalibration } from '../diagnostic/score-findings.ts';

/** What arms can be of. */
interface ArmSizes {
  readonly rows: number;
  readonly folds: number;
  /** Gauges of the gating metric: one, or none. */
  readonly gating: number;
}

/** All arms, then all changes of each modality's score. */
export function areArmsSound({ arms, modalities, gauges }: Facts, sizes: ArmSizes): boolean {
  const expected = [
    ...ARMS.map((name) => [name, null] as const),
    ...modalities.flatMap((modality) => CHANGES.map((name) => [name, modality] as const)),
  ];
  return (
    arms.length === expected.length &&
    arms.every((arm, i) => arm.name === expected[i][0] && arm.modality === expected[i][1]) &&
    arms.every((arm) => isArm(arm, sizes, gauges))
  );
}

function isArm({ found, leftOut }: ArmFacts, sizes: ArmSizes, [gauge]: Facts['gauges']): boolean {
  if (found === null) return leftOut !== null;
  const { changed, values, units } = found;
  return (
    leftOut === null &&
    changed.every((row, i) => row < sizes.rows && (i === 0 || row > changed[i - 1])) &&
    values.length === sizes.gating * sizes.folds &&
    units.length === sizes.gating &&
    units.every((list) => list.length === gauge.units.length)
  );
}

/** One for each modality, of all examples on which it is present. */
export function isCalibrationSound(
  { calibration, experts, modalities }: Facts,
  { rows, present }: { readonly rows: number; readonly present: Readonly<Record<string, number>> },
): boolean {
  if (calibration === null || experts === null) return calibration === experts;
  return (
    JSON.stringify(Object.keys(calibration)) === JSON.stringify(modalities) &&
    modalities.every((modality) => isOf(calibration[modality], present[modality] ?? rows))
  );
}

function isOf({ found, leftOut }: ScoreCalibration, rows: number): boolean {
  if (found === null) return leftOut !== null;
  const { bins, riskCoverage } = found;
  return (
    leftOut === null &&
    bins.reduce((sum, { count }) => sum + count, 0) === rows &&
    bins.every(({ right, count }) => right <= count) &&
    riskCoverage.coverage.length === riskCoverage.risk.length
  );
}
