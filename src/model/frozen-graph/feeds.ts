import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import type { Feed } from '../loaded-model.ts';
import type { Pass } from './passes.ts';

/** Values [N, ...row] and where the examples lie in the tensor they go to. */
export interface Block {
  readonly values: NumericArray;
  readonly row: readonly number[];
  readonly batchAxis: 0 | 1;
}

/** The block as one feed for each pass. Nothing is copied where the rows of a pass lie as the tensor wants them. */
export function feedsOf(block: Block, passes: readonly Pass[]): Feed[] {
  const { row, batchAxis } = block;
  return passes.map((pass) => {
    const values = rowsOf(block, pass);
    if (batchAxis === 0) return { shape: [pass.size, ...row], values };
    const [modalities, ...rest] = row;
    return { shape: [modalities, pass.size, ...rest], values: swapAxes(values, pass.size, modalities) };
  });
}

/** The rows of one pass; a pass that the graph wants fuller is filled up with its last row, which is sure to be valid. */
function rowsOf({ values, row }: Block, { start, rows, size }: Pass): NumericArray {
  const width = row.reduce((product, count) => product * count, 1);
  const own = values.subarray(start * width, (start + rows) * width);
  if (rows === size) return own;
  const padded = emptyLike(values, size * width);
  padded.set(own);
  for (let i = rows; i < size; i++) padded.set(own.subarray((rows - 1) * width), i * width);
  return padded;
}

/** [a, b, rest] to [b, a, rest]. */
export function swapAxes(values: NumericArray, a: number, b: number): NumericArray {
  const width = values.length / (a * b);
  const swapped = emptyLike(values, values.length);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const from = (i * b + j) * width;
      swapped.set(values.subarray(from, from + width), (j * a + i) * width);
    }
  }
  return swapped;
}

function emptyLike(values: NumericArray, length: number): NumericArray {
  return new (values.constructor as new (length: number) => NumericArray)(length);
}
