import type { OutputKind } from '../../config/gate-config.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { TensorInfo } from '../loaded-model.ts';

/**
 * Refuses an output that holds no numbers of this kind.
 *
 * @param kind what the config says of it
 * @param model as the user wrote it
 * @throws ConfigurationError when it is a list of dictionaries (a zipmap), text, or class labels
 */
export function refuseOutput(output: TensorInfo, kind: OutputKind, model: string): void {
  const { name, dtype } = output;
  if (dtype === 'no tensor') {
    throw new ConfigurationError(
      `The output "${name}" of the model "${model}" is no tensor but a sequence or a map. Export its numbers as one, with skl2onnx by to_onnx(..., options={"zipmap": False}).`,
    );
  }
  const mayBeWhole = kind === 'score' || kind === 'value';
  if (dtype !== 'string' && (mayBeWhole || !holdsLabels(output))) return;
  throw new ConfigurationError(
    `The output "${name}" of the model "${model}" is ${dtype}: class labels, and no ${kind}. Name the output that holds the ${kind}.`,
  );
}

/** One whole number for each row. */
function holdsLabels({ dtype, shape }: TensorInfo): boolean {
  const isSingle = shape?.slice(1).every((size) => size === 1) ?? false;
  return isSingle && ['int64', 'int32'].includes(dtype);
}
