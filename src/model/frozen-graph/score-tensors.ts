import type { Binding, GateConfig } from '../../config/gate-config.ts';
import { ConfigurationError, didYouMean } from '../../foundation/errors.ts';
import type { LoadedModel } from '../loaded-model.ts';

/** A tensor that the config names as reliability. */
export interface ScoreTensor extends Binding {
  /** The key of the config that says so. */
  readonly key: string;
  /** The modality whose scores it holds; undefined where it holds those of all. */
  readonly modality?: number;
  /** The modalities in the order of the tensor, where it holds those of all. */
  readonly order?: readonly string[];
  /** The axis that runs over examples: 1 where the tensor is [modalities, examples]. */
  readonly batchAxis: 0 | 1;
}

/** All tensors that the config names as reliability. */
export function scoreTensors({ modalities, reliability }: GateConfig): ScoreTensor[] {
  if (reliability !== undefined) {
    const { tensor, column, order, axis } = reliability;
    return [{ tensor, column, order, key: 'reliability', batchAxis: axis === 0 ? 1 : 0 }];
  }
  return modalities.map(({ name, reliability: binding }, modality) => ({
    ...binding!,
    key: `modalities.${name}.reliability`,
    modality,
    batchAxis: 0,
  }));
}

/**
 * The scores that are no inputs: those that the model computes, if it has such tensors at all.
 *
 * @throws ConfigurationError when one is to be filled from a column, or is an input by another name
 */
export function computedScores(gate: GateConfig, model: string, loaded: LoadedModel): ScoreTensor[] {
  if (loaded.cut === undefined) return [];
  const inputs = loaded.inputs.map(({ name }) => name);
  const computed = scoreTensors(gate).filter(({ tensor }) => !inputs.includes(tensor));
  computed.forEach((score) => {
    refuseBareName(score, model, inputs);
  });
  const filled = computed.find(({ tensor, column }) => column !== tensor);
  if (filled === undefined) return computed;
  const { tensor, column, key } = filled;
  throw new ConfigurationError(
    `${key} fills "${tensor}" from the column "${column}", but that is no input of the model "${model}".${didYouMean(tensor, inputs)} What the model computes itself needs no column: remove it, or name an input.`,
  );
}

/** TensorFlow's converter calls an input `q:0` that the training code called `q`, and its data still does. */
function refuseBareName(
  { tensor, column, key }: ScoreTensor,
  model: string,
  inputs: readonly string[],
): void {
  const written = `${tensor}:0`;
  if (!inputs.includes(written)) return;
  throw new ConfigurationError(
    `${key} names "${tensor}", which is called "${written}" as an input of the model "${model}". Write {tensor: "${written}", column: ${column}} there.`,
  );
}
