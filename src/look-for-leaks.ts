import type { GateConfig } from './config/gate-config.ts';
import { uniformScores } from './diagnostic/broken-scores.ts';
import { targetsOf, type Examples, type Folds } from './diagnostic/examples.ts';
import { findLeakage } from './diagnostic/leakage/find-leakage.ts';
import type { LeakageFinding } from './diagnostic/leakage/finding.ts';
import { sharedIds } from './diagnostic/leakage/shared-ids.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { idText } from './evaluation-set/id-text.ts';
import { readTrainIds } from './evaluation-set/train-ids.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Workspace } from './foundation/workspace.ts';
import { decide, posteriors } from './model/decision.ts';
import { labelsSaid } from './model/label-sets.ts';
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

/** What the frozen model, its scores and the labels tell of leaks; of values and of label sets, only the checks that need no classes. Replays the model once, without scores. */
export async function lookForLeaks(
  { uniformScore, output }: GateConfig,
  fusion: FrozenFusion,
  examples: Examples,
): Promise<LeakageFinding[]> {
  const { modalities, reliability, experts, classes, decision } = fusion;
  const { labels } = targetsOf(examples, classes);
  const withoutScores = await predictionWithoutScores(fusion, uniformScore, examples.folds);
  const classNames = output.classes;
  const blocked = examples.clusters && blockedExamples(examples.clusters, fusion, withoutScores);
  return findLeakage({
    modalities,
    reliability,
    // Probabilities of labels are none of classes.
    ...(decision.kind === 'labels'
      ? { experts: experts?.map(classesOf), withoutScores: classesOf(withoutScores) }
      : { experts, withoutScores }),
    labels,
    classes,
    classNames,
    blocked,
  });
}

function classesOf({ classes }: ExpertOutput): ExpertOutput {
  return { classes };
}

/**
 * Examples are told apart by all that the model makes of them, to the last bit: what is equal in all of that, in two blocks, is
 * one example twice. Undefined where half of them have a double: outputs are then too coarse to tell examples by.
 */
function blockedExamples(
  clusters: Int32Array,
  { rows, reliability, experts = [] }: FrozenFusion,
  withoutScores: ExpertOutput,
): { readonly keys: readonly string[]; readonly blocks: readonly string[] } | undefined {
  const known = [...experts, withoutScores].flatMap((output) => output.posteriors ?? output.values ?? []);
  const columns = [...reliability.map(({ values }) => values), ...known];
  const keys = Array.from({ length: rows }, (_, i) =>
    columns.map((values) => rowOf(values, i, rows).join()).join(';'),
  );
  if (new Set(keys).size < rows / 2) return undefined;
  return { keys, blocks: Array.from(clusters, String) };
}

/** @param values [N * width] */
function rowOf(values: Float64Array, row: number, rows: number): Float64Array {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}

async function predictionWithoutScores(
  fusion: FrozenFusion,
  uniformScore: GateConfig['uniformScore'],
  folds: Folds | undefined,
): Promise<ExpertOutput> {
  const { reliability, decision, rows } = fusion;
  const outputs = await fusion.replay(uniformScores(reliability, uniformScore, folds));
  const width = outputs.length / rows;
  if (decision.kind === 'labels') return labelsSaid(outputs, decision);
  const predicted = decide(outputs, width, decision);
  return decision.kind === 'value'
    ? { classes: predicted, values: Float64Array.from(outputs) }
    : { classes: predicted, posteriors: posteriors(outputs, width, decision.kind) };
}
