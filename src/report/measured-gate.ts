import { conclude, type ConclusionPlan } from '../diagnostic/conclude.ts';
import type { Measurements } from '../diagnostic/measurements.ts';
import { judge } from '../diagnostic/verdict.ts';
import type { GateReport } from './gate-report.ts';

/** What decides a gate's verdict besides its measurements. */
export interface GatePlan extends ConclusionPlan {
  readonly failOnInconclusive: boolean;
}

/** One gate, measured and not yet judged. */
export interface MeasuredGate extends Pick<
  GateReport,
  'name' | 'model' | 'evaluationSet' | 'classes' | 'warnings' | 'leakage' | 'seconds'
> {
  readonly plan: GatePlan;
  /** SHA-256 of the gate's config and of what it reads besides model and evaluation set, hexadecimal. */
  readonly config: string;
  readonly measurements: Measurements;
}

/** The report on a gate, whose `seconds` are still those of the measurements. */
export function reportOn(gate: MeasuredGate): GateReport {
  const { name, model, evaluationSet, classes, plan, measurements, leakage, seconds } = gate;
  const diagnosis = conclude(measurements, plan);
  const verdict = judge(diagnosis, {
    controlThreshold: plan.control.threshold,
    failOnInconclusive: plan.failOnInconclusive,
  });
  const { invalid, ...numbers } = diagnosis;
  const { modalities } = measurements.facts;
  const warnings = [...gate.warnings, ...warningsFor(measurements)];
  return {
    name,
    model,
    evaluationSet,
    modalities,
    classes,
    ...verdict,
    ...numbers,
    warnings,
    leakage,
    seconds,
  };
}

function warningsFor({ facts: { constantScores, labels }, invalid }: Measurements): string[] {
  const warnings: string[] = [];
  if (constantScores.length > 0 && invalid === null) {
    warnings.push(
      `The score of ${constantScores.join(', ')} is the same on all evaluated rows: shuffling it changes nothing.`,
    );
  }
  if (labels.every((label) => label === labels[0])) {
    warnings.push(`All evaluated rows have the same label (class ${labels[0]}).`);
  }
  return warnings;
}
