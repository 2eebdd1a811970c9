import { VECTOR_MEMORY_LIMIT, vectorCode } from '../../foundation/vector-code.ts';
import argmaxWasm from './weighted-argmax.wasm.ts';

type Columns = readonly Float64Array[];

/** The decided classes of weighted sums of frozen columns, for one set of weights after the other. */
export interface WeightedArgmax {
  /** M times [N], to be written before `classes` is called: weights, or scores where `normalises`. */
  readonly weights: Columns;
  /** Classes [N], in an array that the next call overwrites. */
  classes(): Int32Array;
}

/** In bytes of the module's memory, but for `first` and `classes` which are as in `weighted-argmax.wat`. */
interface Code {
  argmax(
    modalities: number,
    first: number,
    classes: number,
    floor: number,
    normalises: number,
    stride: number,
    scores: number,
    columns: number,
    best: number,
  ): void;
}

const startArgmax = vectorCode<Code>(argmaxWasm);

/** The vector code takes eight rows at a time. Rows that are not there have no scores, and a class that nobody reads. */
const LANES = 8;

/**
 * Classes of sum_m weights_m * columns_m, without storing the sums: the same operations in the same order as the plain
 * formula, so that the classes are the same to the last tie.
 *
 * @param columns M times [N * width], row-major; copied
 * @param normalises whether weights are divided by their sum first, and equal where that is 0
 * @param cut width 1 only: class 1 where the sum is at least this
 * @returns undefined where the columns take more memory than vector code may have
 */
export function weightedArgmax(
  columns: Columns,
  { width, normalises, cut = 0 }: { width: number; normalises: boolean; cut?: number },
): WeightedArgmax | undefined {
  const modalities = columns.length;
  const rows = columns[0].length / width;
  const padded = Math.ceil(rows / LANES) * LANES;
  const stride = padded * Float64Array.BYTES_PER_ELEMENT;
  const weightsAt = modalities * LANES * Float64Array.BYTES_PER_ELEMENT;
  const columnsAt = weightsAt + modalities * stride;
  const bestAt = columnsAt + modalities * width * stride;
  const bytes = bestAt + padded * Int32Array.BYTES_PER_ELEMENT;
  if (bytes > VECTOR_MEMORY_LIMIT) return undefined;

  const { run, memory } = startArgmax(bytes);
  const weights = columns.map((_, m) => new Float64Array(memory, weightsAt + m * stride, rows));
  copyByClass(columns, width, new Float64Array(memory, columnsAt, modalities * width * padded));
  const best = new Int32Array(memory, bestAt, rows);
  const [first, floor] = width === 1 ? [1, numberBelow(cut)] : [0, 0];
  return {
    weights,
    classes: () => {
      const layout = [stride, weightsAt, columnsAt, bestAt] as const;
      run.argmax(modalities, first, first + width, floor, Number(normalises), ...layout);
      return best;
    },
  };
}

/** Row-major columns, one class after the other and within a class one modality after the other. */
function copyByClass(columns: Columns, width: number, target: Float64Array): void {
  const padded = target.length / (columns.length * width);
  columns.forEach((values, m) => {
    for (let c = 0; c < width; c++) {
      const start = (c * columns.length + m) * padded;
      for (let i = 0; i < values.length / width; i++) target[start + i] = values[i * width + c];
    }
  });
}

/** The largest float64 below a finite number: to exceed it is to be at least that number. */
function numberBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const float = Float64Array.of(value);
  new BigInt64Array(float.buffer)[0] += value > 0 ? -1n : 1n;
  return float[0];
}
