import type { NumberColumn } from '../../evaluation-set/evaluation-set.ts';
import type { MayLack } from '../../evaluation-set/numbers.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { Fetched, TensorInfo } from '../loaded-model.ts';
import { shapeText } from './describe.ts';
import { swapAxes } from './feeds.ts';
import { firstNotFinite } from './not-finite.ts';
import type { Runner } from './run-passes.ts';
import type { ScoreTensor } from './score-tensors.ts';

/** A score that the model computes, as a column of the evaluation set would hold it. */
export interface ComputedScore {
  /** Clean-Q: [N], [N, d] or [N, M]. */
  readonly column: NumberColumn;
  /** The shape of one example in the tensor, without the batch axis. */
  readonly row: readonly number[];
}

export const FLOATS: readonly string[] = ['float32', 'float64', 'float16'];

/**
 * Joins what the passes give for a score.
 *
 * @param parts one for each pass
 * @param mayLack where it may be no number, as the modality is absent. Default: nowhere
 * @throws ConfigurationError when the tensor is no floats, has another shape than scores have, or holds NaN
 */
export function joinScore(
  { passes, model, data }: Omit<Runner, 'logger'>,
  score: ScoreTensor,
  info: TensorInfo,
  parts: readonly Fetched[],
  mayLack: MayLack = () => false,
): ComputedScore {
  if (!FLOATS.includes(info.dtype)) {
    throw new ConfigurationError(
      `The reliability "${score.tensor}" of the model "${model}" is ${info.dtype}; a score is ${FLOATS.join(', ')}. Name the tensor before it is converted, or the one it is converted back to.`,
    );
  }
  const { batchAxis, order } = score;
  const row = parts[0].shape.filter((_, axis) => axis !== batchAxis);
  const width = row.reduce((product, size) => product * size, 1);
  const values = new Float64Array(data.rows.length * width);
  for (const [i, { start, rows, size }] of passes.entries()) {
    const { shape, values: found } = parts[i];
    const isFit = shape[batchAxis] === size && found.length === size * width && holdsScores(row, order);
    if (!isFit) throw wrongShape(score, model, shape, size);
    const byRow = batchAxis === 0 ? found : swapAxes(found, shape[0], size);
    values.set(byRow.subarray(0, rows * width), start * width);
  }
  const wrong = data.presence
    ? values.findIndex((value, at) => !Number.isFinite(value) && !mayLack(Math.floor(at / width), at % width))
    : firstNotFinite(values);
  if (wrong !== -1) {
    throw new ConfigurationError(
      `The reliability "${score.tensor}" of the model "${model}" is ${values[wrong]} for ${data.nameRow(Math.floor(wrong / width))} of "${data.set.path}"; a score must be a finite number.`,
    );
  }
  const shape = [data.rows.length, ...row.filter((size) => size !== 1)];
  // A single modality keeps its axis: it is what tells a matrix from a vector.
  const column = order?.length === 1 ? [data.rows.length, 1] : shape;
  return { column: { kind: 'numbers', name: score.tensor, dtype: info.dtype, shape: column, values }, row };
}

/** One axis beside that of the examples, at most, is longer than 1; in a matrix it runs over the modalities. */
function holdsScores(row: readonly number[], order: readonly string[] | undefined): boolean {
  const long = row.filter((size) => size !== 1);
  if (order === undefined || order.length === 1) return long.length <= (order === undefined ? 1 : 0);
  return long.length === 1 && long[0] === order.length;
}

function wrongShape(
  { tensor, order, batchAxis }: ScoreTensor,
  model: string,
  shape: readonly number[],
  size: number,
): ConfigurationError {
  const matrix = batchAxis === 0 ? [size, order?.length ?? 1] : [order?.length ?? 1, size];
  const needed =
    order === undefined
      ? `one number or one short vector per example, [${size}], [${size}, 1] or [${size}, d], is needed`
      : `${shapeText(matrix)} is needed for axis: ${1 - batchAxis} and order: [${order.join(', ')}]`;
  return new ConfigurationError(
    `The reliability "${tensor}" of the model "${model}" has shape ${shapeText(shape)} for ${size} examples; ${needed}.`,
  );
}
