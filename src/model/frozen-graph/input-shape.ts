import type { ColumnInfo } from '../../evaluation-set/evaluation-set.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import { describeTensor, shapeText } from './describe.ts';
import type { GraphInput } from './graph-inputs.ts';

/** How the rows of a column lie in an input. */
export interface InputShape {
  /** The shape of one example, without the batch axis. */
  readonly row: readonly number[];
  /** The number of examples in a pass, where the graph fixes it. */
  readonly batch: number | null;
}

/**
 * Fits a column into an input. Axes of size 1 may be missing on either side: [N] fits [N, 1].
 *
 * @throws ConfigurationError naming both shapes when they do not fit, or when the input has no axis for examples
 */
export function fitInput(input: GraphInput, column: ColumnInfo): InputShape {
  const { info, batchAxis } = input;
  const given = column.shape.slice(1);
  if (info.shape === undefined) return { row: given, batch: null };
  refuseOtherAxis(input, given);
  if (info.shape.length <= batchAxis) {
    throw new ConfigurationError(
      `The model's input ${describeTensor(info)} has no axis ${batchAxis}, which should run over the examples; make it a constant of the model.`,
    );
  }
  const wanted = info.shape.filter((_, axis) => axis !== batchAxis);
  const row = fitRow(given, wanted);
  if (row === undefined) {
    const sizes = wanted.map((size) => size ?? '?');
    const needed = sizes.length === 0 ? 'be a single number' : `have shape ${shapeText(sizes)}`;
    throw new ConfigurationError(
      `The column "${column.name}" has shape ${shapeText(column.shape)}, which does not fit the model's input ${describeTensor(info)}: each row must ${needed}.`,
    );
  }
  return { row, batch: info.shape[batchAxis] };
}

/** A score tensor whose fixed axis has a place for each modality, and whose free axis is said to run over them. */
function refuseOtherAxis({ info, fills, batchAxis }: GraphInput, given: readonly number[]): void {
  if (fills !== 'all scores' || info.shape?.[batchAxis] !== given[0]) return;
  if (info.shape[1 - batchAxis] !== null) return;
  throw new ConfigurationError(
    `The model's reliability input ${describeTensor(info)} has its ${given[0]} modalities on axis ${batchAxis}; say reliability: {axis: ${batchAxis}}.`,
  );
}

function fitRow(given: readonly number[], wanted: readonly (number | null)[]): readonly number[] | undefined {
  if (given.length === wanted.length) {
    return given.every((size, axis) => wanted[axis] === null || wanted[axis] === size) ? given : undefined;
  }
  const filled = wanted.map((size) => size ?? 1);
  const isSame = withoutOnes(given).join() === withoutOnes(filled).join();
  return isSame ? filled : undefined;
}

function withoutOnes(shape: readonly number[]): number[] {
  return shape.filter((size) => size !== 1);
}
