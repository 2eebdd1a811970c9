import type { GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import type { NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { lackingWhereAbsent, readNumbers, type MayLack } from '../evaluation-set/numbers.ts';
import type { Logger } from '../foundation/logger.ts';
import { lackingInMatrix } from './clean-reliability.ts';
import { bestTrial } from './cut-trial.ts';
import { columnFeeds } from './frozen-graph/column-feeds.ts';
import { fusedTensor } from './frozen-graph/fused-tensor.ts';
import { expertSources, readExpertColumn } from './frozen-graph/graph-experts.ts';
import { withInsideExperts } from './frozen-graph/inside-experts.ts';
import { matchInputs, type GraphInput } from './frozen-graph/graph-inputs.ts';
import { fitInput } from './frozen-graph/input-shape.ts';
import { refuseWholeScores } from './frozen-graph/input-values.ts';
import { planPasses } from './frozen-graph/passes.ts';
import type { ModelOutput } from './frozen-graph/run-passes.ts';
import { computedScores } from './frozen-graph/score-tensors.ts';
import type { FrozenFusion } from './frozen-fusion.ts';
import { alsoSeveral, frozen } from './graph-fusion.ts';
import type { LoadedModel } from './loaded-model.ts';
import { readStoredOutput } from './stored-output.ts';

/**
 * Freezes a model on an evaluation set, whatever engine has loaded it: what depends on no score runs once, and a replay
 * runs the rest. Where the engine cannot cut the model, a replay feeds new scores to all of it.
 *
 * @throws ConfigurationError when model, config and evaluation set do not go together: a tensor or column is missing, a
 * shape or dtype does not fit, an output is not what it is said to be, the model cannot be cut at the scores
 */
export async function freezeModel(
  gate: GateConfig,
  data: EvaluatedRows,
  given: LoadedModel,
  logger: Logger,
): Promise<FrozenFusion> {
  if (gate.candidate.kind !== 'model') throw new Error('freezeModel needs a gate with a model.');
  const { path: model, batchSize } = gate.candidate;
  const fused = fusedTensor(gate, model, given);
  const loaded = await withInsideExperts(gate, data, given);
  const experts = expertSources(gate, data, model, loaded);
  const matched = matchInputs(gate, data.set.columns, model, loaded);
  const columns = new Map<string, NumberColumn>();
  for (const input of matched) {
    columns.set(input.column, await readNumbers(data, input.column, 'input', lackingIn(input, gate, data)));
  }
  const inputs = matched.map((input) => ({ ...input, fit: fitInput(input, columns.get(input.column)!) }));
  for (const { info, fills } of inputs) if (fills !== 'evidence') refuseWholeScores(info);
  const passes = planPasses(data.rows.length, batchSize, inputs, model, loaded.passBytes);
  logger.debug(`Model "${model}": ${data.rows.length} rows in ${passes.length} passes of ${passes[0].size}.`);
  const runner = { loaded, model, data, passes, logger };
  const feeds = new Map(inputs.map((input) => [input.info.name, columnFeeds({ columns, runner }, input)]));
  const expertColumns = new Map<number, ModelOutput>();
  for (const [modality, source] of experts?.entries() ?? []) {
    if (source.from === 'column')
      expertColumns.set(modality, await readExpertColumn(data, source, data.presence?.[modality]));
  }
  const inside = computedScores(gate, model, loaded);
  const setup = { gate, runner, inputs, columns, fused, experts, inside, evidence: { feeds, expertColumns } };
  const trial = await bestTrial(setup, logger);
  const { graph, original } = trial;
  const replays = await alsoSeveral(graph, trial.replays);
  const root = frozen(graph, setup.evidence, original.values, trial.experts, replays);
  const { tolerance, warnings } = trial;
  const stored = await readStoredOutput(
    gate,
    data,
    original.width,
    `the model's output has ${original.width} numbers per row`,
  );
  return { ...root, tolerance, warnings, ...stored, close: () => loaded.close() };
}

/** Of scores, where their modality is absent; evidence is never missing. */
function lackingIn(
  { fills, modality }: GraphInput,
  gate: GateConfig,
  data: EvaluatedRows,
): MayLack | undefined {
  if (fills === 'evidence') return undefined;
  return modality === undefined ? lackingInMatrix(gate, data) : lackingWhereAbsent(data.presence?.[modality]);
}
