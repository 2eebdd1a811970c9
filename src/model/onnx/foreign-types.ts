import { ConfigurationError } from '../../foundation/errors.ts';

/** What the runtimes compute with and their JavaScript interface does not hold, by `TensorProto.DataType`. */
const FOREIGN_TYPES = new Map([
  ['14', 'complex64'],
  ['15', 'complex128'],
  ['16', 'bfloat16'],
  ['17', 'float8e4m3fn'],
  ['18', 'float8e4m3fnuz'],
  ['19', 'float8e5m2'],
  ['20', 'float8e5m2fnuz'],
  ['23', 'float4e2m1'],
]);

/**
 * Says of a session that did not open which dtype it was that could not be handed over.
 *
 * @param error what the runtime threw
 * @param model as the user wrote it
 * @throws ConfigurationError when it was one
 */
export function refuseForeignType(error: unknown, model: string): void {
  const number = /unsupported data type: (\d+)/i.exec(String(error))?.[1] ?? '';
  const dtype = FOREIGN_TYPES.get(number);
  if (dtype === undefined) return;
  throw new ConfigurationError(
    `The model "${model}" has ${dtype} at an input, an output or where it is cut, which the engine cannot hand over. Cast it to float32 there, or name a score further on.`,
  );
}
