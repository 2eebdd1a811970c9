import type { GateConfig } from '../../config/gate-config.ts';
import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import { readNumbers } from '../../evaluation-set/numbers.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { Kernel } from './kernel.ts';

/** The fused outputs as the training code stored them (`output.column`), which the rule must reproduce. */
export async function readOriginal(
  gate: GateConfig,
  data: EvaluatedRows,
  kernel: Kernel,
): Promise<Float64Array | undefined> {
  if (gate.output.column === undefined) return undefined;
  const column = await readNumbers(data, gate.output.column, 'output');
  const expected = data.rows.length * kernel.width;
  if (column.values.length !== expected) {
    throw new ConfigurationError(
      `The output column "${column.name}" has shape [${column.shape.join(', ')}]; fusion rule ${kernel.rule} gives ${kernel.width} ${kernel.gives} per row.`,
    );
  }
  return Float64Array.from(column.values);
}
