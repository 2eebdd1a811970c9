import type { GateConfig } from '../config/gate-config.ts';
import type { ColumnInfo } from '../evaluation-set/evaluation-set.ts';
import { describeColumn } from '../evaluation-set/wording.ts';
import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { describeTensors } from './frozen-graph/describe.ts';
import { scoreTensors } from './frozen-graph/score-tensors.ts';
import type { LoadedModel, TensorInfo } from './loaded-model.ts';

/** A model and its head, and what the user calls them. */
export interface HeadedModel {
  readonly first: LoadedModel;
  readonly head: LoadedModel;
  readonly firstPath: string;
  readonly headPath: string;
}

/**
 * Refuses a head that does not go with the model and the gate.
 *
 * @throws ConfigurationError when it does not take the scores, does not give the fused output, takes nothing that the
 * model gives, or needs a tensor that is neither an output of the model nor filled from the evaluation set
 */
export function refuseUnfitHead(gate: GateConfig, columns: readonly ColumnInfo[], model: HeadedModel): void {
  refuseOutput(gate, model);
  refuseScores(gate, model);
  refuseInputs(gate, columns, model);
}

function refuseOutput({ output }: GateConfig, { head, headPath }: HeadedModel): void {
  const outputs = names(head.outputs);
  if (output.tensor === undefined || outputs.includes(output.tensor)) return;
  throw new ConfigurationError(
    `The head "${headPath}" does not give the fused output "${output.tensor}".${didYouMean(output.tensor, outputs)} Its outputs: ${describeTensors(head.outputs)}.`,
  );
}

function refuseScores(gate: GateConfig, { head, headPath }: HeadedModel): void {
  const inputs = names(head.inputs);
  const missing = scoreTensors(gate).find(({ tensor }) => !inputs.includes(tensor));
  if (missing === undefined) return;
  throw new ConfigurationError(
    `The head "${headPath}" has no input "${missing.tensor}", which ${missing.key} names.${didYouMean(missing.tensor, inputs)} Its inputs: ${describeTensors(head.inputs)}.`,
  );
}

function refuseInputs(gate: GateConfig, columns: readonly ColumnInfo[], model: HeadedModel): void {
  const { first, head, firstPath, headPath } = model;
  const given = names(first.outputs);
  const bound = [...gate.inputs, ...gate.modalities.flatMap(({ inputs }) => inputs), ...scoreTensors(gate)];
  const filled = new Set([...names(first.inputs), ...bound.map(({ tensor }) => tensor), ...names(columns)]);
  const missing = head.inputs.find(({ name }) => !given.includes(name) && !filled.has(name));
  const lists = `The model's outputs: ${describeTensors(first.outputs)}. The columns: ${enumerate(columns.map(describeColumn))}.`;
  if (missing !== undefined) {
    throw new ConfigurationError(
      `The head "${headPath}" takes "${missing.name}", which is neither an output of the model "${firstPath}" nor a column of "${gate.evaluationSet}".${didYouMean(missing.name, given)} ${lists}`,
    );
  }
  if (head.inputs.some(({ name }) => given.includes(name))) return;
  throw new ConfigurationError(
    `The head "${headPath}" takes nothing that the model "${firstPath}" gives: tensors are matched by name. The head's inputs: ${describeTensors(head.inputs)}. ${lists}`,
  );
}

function names(tensors: readonly Pick<TensorInfo, 'name'>[]): string[] {
  return tensors.map(({ name }) => name);
}
