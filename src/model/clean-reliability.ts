import type { Binding, GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import { rowWidth, type NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { lackingWhereAbsent, readNumbers, type MayLack } from '../evaluation-set/numbers.ts';
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
  const read = async ({ tensor, column }: Binding, mayLack?: MayLack): Promise<NumberColumn> =>
    computed.get(tensor) ?? readNumbers(data, column, 'reliability', mayLack);
  const presentOn = (m: number): Pick<ModalityScores, 'present'> => {
    const present = data.presence?.[m];
    return present ? { present } : {};
  };
  if (gate.reliability) {
    const column = await read(gate.reliability, lackingInMatrix(gate, data));
    return splitMatrix(gate, column).map((scores, m) => ({ ...scores, ...presentOn(m) }));
  }
  return Promise.all(
    gate.modalities.map(async ({ reliability }, m) => {
      const column = await read(reliability!, lackingWhereAbsent(data.presence?.[m]));
      return { width: rowWidth(column), values: Float64Array.from(column.values), ...presentOn(m) };
    }),
  );
}

/** Where scores may be missing in one column that holds those of all modalities, [N, M] or [N, M, d]. */
export function lackingInMatrix(
  { reliability, modalities }: GateConfig,
  { presence, set }: EvaluatedRows,
): MayLack | undefined {
  if (presence === undefined || reliability === undefined) return undefined;
  const { order, column } = reliability;
  const ofPlace = order.map((name) => presence[modalities.findIndex((it) => it.name === name)]);
  const shape = set.columns.find(({ name }) => name === column)?.shape ?? [];
  const width = shape.slice(2).reduce((product, size) => product * size, 1);
  return (row, at) => ofPlace[Math.floor(at / width)]?.[row] === 0;
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
