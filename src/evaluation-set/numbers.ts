import type { EvaluatedRows } from './evaluated-rows.ts';
import type { NumberColumn } from './evaluation-set.ts';
import { ConfigurationError } from '../foundation/errors.ts';

/**
 * A column of finite numbers, of the evaluated rows.
 *
 * @param role how errors call it: `reliability`, `expert`, ...
 */
export async function readNumbers(data: EvaluatedRows, name: string, role: string): Promise<NumberColumn> {
  const column = await data.read(name);
  if (column.kind === 'text') {
    throw new ConfigurationError(
      `The ${role} column "${name}" of "${data.set.path}" holds text (${column.dtype}); numbers are needed.`,
    );
  }
  const at = column.values.findIndex((value) => !Number.isFinite(value));
  if (at !== -1) {
    const width = column.values.length / data.rows.length;
    const row = data.rows[Math.floor(at / width)];
    throw new ConfigurationError(
      `The ${role} column "${name}" of "${data.set.path}" is ${column.values[at]} in row ${row}, which is evaluated; mend the value, or mark the row absent in the modality's presence column.`,
    );
  }
  return column;
}
