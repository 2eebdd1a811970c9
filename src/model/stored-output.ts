import type { GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import { readNumbers } from '../evaluation-set/numbers.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { FrozenFusion } from './frozen-fusion.ts';

/** Largest difference, relative to the largest output (or to 1), that the float32 arithmetic of training code may leave. */
const STORED_OUTPUT_TOLERANCE = 1e-4;

/**
 * The fused outputs as the training code stored them (`output.column`): what the replay has to reproduce. Undefined where
 * the config names no such column.
 *
 * @param width numbers per row of the fused output
 * @param given what gives them, for the error: `the model's output has 2 numbers per row`
 */
export async function readStoredOutput(
  { output }: GateConfig,
  data: EvaluatedRows,
  width: number,
  given: string,
): Promise<Pick<FrozenFusion, 'original' | 'tolerance'> | undefined> {
  if (output.column === undefined) return undefined;
  const column = await readNumbers(data, output.column, 'output');
  if (column.values.length !== data.rows.length * width) {
    throw new ConfigurationError(
      `The output column "${column.name}" has shape [${column.shape.join(', ')}]; ${given}.`,
    );
  }
  const original = Float64Array.from(column.values);
  const largest = original.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return { original, tolerance: STORED_OUTPUT_TOLERANCE * largest };
}
