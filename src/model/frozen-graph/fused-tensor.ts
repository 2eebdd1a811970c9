import type { GateConfig } from '../../config/gate-config.ts';
import { ConfigurationError, didYouMean } from '../../foundation/errors.ts';
import type { LoadedModel, TensorInfo } from '../loaded-model.ts';
import { describeTensors } from './describe.ts';
import { refuseOutput } from './refuse-output.ts';

/**
 * The tensor that holds the fused output: the one the config names, or the model's only one.
 *
 * @throws ConfigurationError when there is no such output, or several and none is named, or it holds no numbers
 */
export function fusedTensor(gate: GateConfig, model: string, { outputs }: LoadedModel): string {
  const name = fusedName(gate, model, outputs);
  refuseOutput(
    outputs.find((it) => it.name === name)!,
    gate.output.kind,
    model,
  );
  return name;
}

function fusedName({ output }: GateConfig, model: string, outputs: readonly TensorInfo[]): string {
  const names = outputs.map(({ name }) => name);
  if (output.tensor !== undefined) {
    if (names.includes(output.tensor)) return output.tensor;
    throw new ConfigurationError(
      `The model "${model}" has no output "${output.tensor}", which output.tensor names.${didYouMean(output.tensor, names)} Its outputs: ${describeTensors(outputs)}.`,
    );
  }
  if (names.length === 1) return names[0];
  if (names.length === 0) {
    throw new ConfigurationError(
      `The model "${model}" has no outputs. Export it again with its fused prediction.`,
    );
  }
  throw new ConfigurationError(
    `The model "${model}" has ${names.length} outputs; say which one is the fused prediction (output: {tensor: ...}). Its outputs: ${describeTensors(outputs)}.`,
  );
}
