import { ConfigurationError, NotFiniteError } from '../foundation/errors.ts';
import type { Floats } from '../model/decision.ts';
import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { PlannedArm } from './arm-scores.ts';
import type { Examined, Measured } from './examined.ts';
import { predictedFrom, type Gauge } from './gauge.ts';
import { classesAlone, type Predicted } from './gauge-units.ts';
import type { ArmFacts } from './measurements.ts';
import type { ArmReason } from './score-findings.ts';

/** What is asked of every arm: by the gating metric, one replay each. */
type Asked = Pick<Examined, 'fusion' | 'targets' | 'gauges' | 'progress'>;

/** What the frozen rule makes of scores that are not its own. */
export async function measureArms(
  asked: Asked,
  clean: Measured,
  planned: readonly PlannedArm[],
): Promise<ArmFacts[]> {
  const facts: ArmFacts[] = [];
  for (const { name, modality, scores } of planned) {
    const found = typeof scores === 'string' ? scores : await measureArm(asked, clean, scores);
    facts.push({
      name,
      modality,
      ...(typeof found === 'string' ? { leftOut: found, found: null } : { leftOut: null, found }),
    });
    asked.progress.advance();
  }
  return facts;
}

async function measureArm(
  { fusion, targets, gauges }: Asked,
  clean: Measured,
  scores: Reliability,
): Promise<NonNullable<ArmFacts['found']> | ArmReason> {
  const outputs = await outputsFor(fusion, scores);
  if (outputs === undefined) return 'the model gives no numbers';
  const predicted = await predictedOf(fusion, gauges, scores, outputs);
  const units = gauges.map((gauge) => new Float64Array(gauge.units));
  try {
    const values = gauges.flatMap((gauge, g) => [...gauge.values(predicted, units[g])]);
    const rows = Uint32Array.from(targets.labels.keys());
    return {
      changed: rows.filter((row) => isRight(predicted, row) !== isRight(clean.predicted, row)),
      values: Float64Array.from(values),
      units,
    };
  } catch (error) {
    // What a metric cannot measure here it says in a sentence for the user, who did not ask for this arm.
    if (error instanceof ConfigurationError) return 'metric not defined';
    throw error;
  }

  function isRight({ classes }: Predicted, row: number): boolean {
    return classes[row] === targets.labels[row];
  }
}

/** These scores may lie where no model was ever asked: engines refuse outputs that are not finite, and cached experts give them. */
async function outputsFor(fusion: FrozenFusion, scores: Reliability): Promise<Floats | undefined> {
  try {
    const outputs = await fusion.replay(scores);
    return outputs.every((value) => Number.isFinite(value)) ? outputs : undefined;
  } catch (error) {
    if (error instanceof NotFiniteError) return undefined;
    throw error;
  }
}

/** Cached experts predict classes in a way of their own, by which ties may fall otherwise than in their outputs. */
async function predictedOf(
  fusion: FrozenFusion,
  gauges: readonly Gauge[],
  scores: Reliability,
  outputs: Floats,
): Promise<Predicted> {
  const isOfClasses = gauges.every(({ needs }) => needs === 'classes') && fusion.decision.kind !== 'value';
  return isOfClasses && fusion.recipe !== undefined
    ? classesAlone(await fusion.predict(scores))
    : predictedFrom(outputs, fusion, gauges);
}
