import type { GateConfig } from './config/gate-config.ts';
import { uniformScores } from './diagnostic/broken-scores.ts';
import type { Examples, Folds } from './diagnostic/examples.ts';
import { findLeakage } from './diagnostic/leakage/find-leakage.ts';
import type { LeakageFinding } from './diagnostic/leakage/finding.ts';
import { sharedIds } from './diagnostic/leakage/shared-ids.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { idText } from './evaluation-set/id-text.ts';
import { readTrainIds } from './evaluation-set/train-ids.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Workspace } from './foundation/workspace.ts';
import { decide, posteriors } from './model/decision.ts';
import type { ExpertOutput, FrozenFusion } from './model/frozen-fusion.ts';

/**
 * Evaluated examples that the model was trained on. Needs no model.
 *
 * @throws ConfigurationError where there are any, unless the gate says `leakage: warn`; where the file cannot be read
 */
export async function lookForTrainIds(
  { columns, trainIds }: GateConfig,
  data: EvaluatedRows,
  workspace: Workspace,
): Promise<LeakageFinding[]> {
  if (trainIds === undefined || columns.id === undefined) return [];
  const ids = await data.read(columns.id);
  const training = await readTrainIds(trainIds, ids, workspace);
  const finding = sharedIds(idText(ids), training, `"${trainIds.path}"`);
  if (finding === null) return [];
  if (trainIds.whenShared === 'warn') return [finding];
  throw new ConfigurationError(
    `${finding.sentence} Leave them out with columns.subset, or say "leakage: warn".`,
  );
}

/** What the frozen model, its scores and the labels tell of leaks. Replays the model once, without scores. */
export async function lookForLeaks(
  { uniformScore, output }: GateConfig,
  fusion: FrozenFusion,
  labels: Int32Array,
  { folds }: Pick<Examples, 'folds'>,
): Promise<LeakageFinding[]> {
  const { modalities, reliability, experts, classes } = fusion;
  const withoutScores = await predictionWithoutScores(fusion, uniformScore, folds);
  const classNames = output.classes;
  return findLeakage({ modalities, reliability, experts, withoutScores, labels, classes, classNames });
}

async function predictionWithoutScores(
  fusion: FrozenFusion,
  uniformScore: GateConfig['uniformScore'],
  folds: Folds | undefined,
): Promise<ExpertOutput> {
  const { reliability, decision, rows } = fusion;
  const outputs = await fusion.replay(uniformScores(reliability, uniformScore, folds));
  const width = outputs.length / rows;
  return {
    classes: decide(outputs, width, decision),
    posteriors: posteriors(outputs, width, decision.kind),
  };
}
