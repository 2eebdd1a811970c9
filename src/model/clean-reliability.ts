import type { Binding, GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import { rowWidth, type NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { readNumbers } from '../evaluation-set/numbers.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { ModalityScores, Reliability } from './frozen-fusion.ts';

/**
 * The scores as given, from one column per modality or from the one column that holds them all.
 *
 * @param computed by tensor: scores that the model computes itself, as columns
 */
export async function readCleanReliability(
  gate: GateConfig,
  data: EvaluatedRows,
  computed: ReadonlyMap<string, NumberColumn> = new Map(),
): Promise<Reliability> {
  const read = async ({ tensor, column }: Binding): Promise<NumberColumn> =>
    computed.get(tensor) ?? readNumbers(data, column, 'reliability');
  if (gate.reliability) return splitMatrix(gate, await read(gate.reliability));
  return Promise.all(
    gate.modalities.map(async ({ reliability }) => {
      const column = await read(reliability!);
      return { width: rowWidth(column), values: Float64Array.from(column.values) };
    }),
  );
}

/** [N, M] or [N, M, d] into M times [N, d]. */
function splitMatrix(gate: GateConfig, column: NumberColumn): Reliability {
  const { order } = gate.reliability!;
  if (column.shape.length < 2 || column.shape[1] !== order.length) {
    throw new ConfigurationError(
      `The reliability column "${column.name}" has shape [${column.shape.join(', ')}]; with order: [${order.join(', ')}] it must be [rows, ${order.length}].`,
    );
  }
  const width = rowWidth(column) / order.length;
  const rows = column.shape[0];
  return gate.modalities.map(({ name }): ModalityScores => {
    const m = order.indexOf(name);
    const values = new Float64Array(rows * width);
    for (let i = 0; i < rows; i++) {
      for (let d = 0; d < width; d++)
        values[i * width + d] = column.values[(i * order.length + m) * width + d];
    }
    return { width, values };
  });
}
