import type { Binding, GateConfig } from '../../config/gate-config.ts';
import type { ColumnInfo } from '../../evaluation-set/evaluation-set.ts';
import { describeColumn } from '../../evaluation-set/wording.ts';
import { ConfigurationError, didYouMean, enumerate } from '../../foundation/errors.ts';
import type { LoadedModel, TensorInfo } from '../loaded-model.ts';
import { describeTensors } from './describe.ts';
import { computedScores, scoreTensors } from './score-tensors.ts';

/** One input of the graph and what fills it. */
export interface GraphInput {
  readonly info: TensorInfo;
  /** The column that holds its values on the data as given. */
  readonly column: string;
  /** Evidence stays as it is; the scores of one modality, or of all, are what a replay changes. */
  readonly fills: 'evidence' | 'scores' | 'all scores';
  /** The modality that evidence or scores belong to; undefined where it is none, or all. */
  readonly modality?: number;
  /** The axis that runs over examples: 1 where the tensor is [modalities, examples]. */
  readonly batchAxis: 0 | 1;
}

interface Claim extends Pick<GraphInput, 'column' | 'fills' | 'modality' | 'batchAxis'> {
  readonly tensor: string;
  /** The key of the config that says so. */
  readonly key: string;
}

/**
 * What fills each input of the graph: what the config names, and for the rest the column that has the input's name.
 *
 * @throws ConfigurationError when the config names a tensor that is no input, or two columns for one, or when an input
 * is left without a column
 */
export function matchInputs(
  gate: GateConfig,
  columns: readonly ColumnInfo[],
  model: string,
  loaded: LoadedModel,
): GraphInput[] {
  const { inputs, outputs } = loaded;
  const claims = new Map<string, Claim>();
  const computed = new Set(computedScores(gate, model, loaded).map(({ tensor }) => tensor));
  for (const claim of claimsOf(gate)) {
    if (claim.fills !== 'evidence' && computed.has(claim.tensor)) continue;
    refuseUnknown(claim, model, inputs, outputs);
    const other = claims.get(claim.tensor);
    if (other !== undefined) {
      throw new ConfigurationError(
        `The model input "${claim.tensor}" is named twice, by ${other.key} and by ${claim.key}; name it once.`,
      );
    }
    claims.set(claim.tensor, claim);
  }
  return inputs.map((info) => {
    const claim = claims.get(info.name);
    if (claim !== undefined) return { info, ...claim };
    if (columns.some(({ name }) => name === info.name)) {
      return { info, column: info.name, fills: 'evidence', batchAxis: 0 };
    }
    throw unfed(gate, info, columns, [...claims.values()], model, inputs);
  });
}

function* claimsOf(gate: GateConfig): Generator<Claim> {
  const evidence = (binding: Binding, key: string, modality?: number): Claim => ({
    ...binding,
    key,
    fills: 'evidence',
    modality,
    batchAxis: 0,
  });
  for (const binding of gate.inputs) yield evidence(binding, 'inputs');
  for (const [modality, { name, inputs }] of gate.modalities.entries()) {
    for (const binding of inputs) yield evidence(binding, `modalities.${name}.inputs`, modality);
  }
  for (const { tensor, column, key, modality, batchAxis } of scoreTensors(gate)) {
    const fills = modality === undefined ? 'all scores' : 'scores';
    yield { tensor, column, key, fills, modality, batchAxis };
  }
}

function refuseUnknown(
  { tensor, fills, key }: Claim,
  model: string,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): void {
  if (inputs.some(({ name }) => name === tensor)) return;
  const isOutput = outputs.some(({ name }) => name === tensor) ? ' (it is an output)' : '';
  const hint = didYouMean(
    tensor,
    inputs.map(({ name }) => name),
  );
  const inside =
    fills === 'evidence'
      ? ''
      : ' Scores must enter this model as an input: only ONNX models up to 2 GiB and TensorFlow.js models are cut at tensors that they compute inside. For others, make a second model of what follows the scores, and name it as head.';
  throw new ConfigurationError(
    `The model "${model}" has no input "${tensor}"${isOutput}, which ${key} names.${hint}${inside} Its inputs: ${describeTensors(inputs)}.`,
  );
}

function unfed(
  gate: GateConfig,
  { name }: TensorInfo,
  columns: readonly ColumnInfo[],
  claims: readonly Claim[],
  model: string,
  inputs: readonly TensorInfo[],
): ConfigurationError {
  // A column that feeds another input is not what was meant.
  const free = columns.filter((column) => claims.every((claim) => claim.column !== column.name));
  const hint = didYouMean(
    name,
    free.map((column) => column.name),
  );
  return new ConfigurationError(
    `Nothing fills the input "${name}" of the model "${model}": "${gate.evaluationSet}" has no column of that name.${hint} Name one as {tensor: ${name}, column: ...} under inputs. The model's inputs: ${describeTensors(inputs)}. The columns: ${enumerate(columns.map(describeColumn))}.`,
  );
}
