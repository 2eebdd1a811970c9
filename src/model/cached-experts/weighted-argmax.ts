import { VECTOR_MEMORY_LIMIT, vectorCode } from '../../foundation/vector-code.ts';
import { signedDifferences } from './signed-differences.ts';
import argmaxWasm from './weighted-argmax.wasm.ts';

type Columns = readonly Float64Array[];

/** The decided classes of weighted sums of frozen columns, for one set of weights after the other. */
export interface WeightedArgmax {
  /** M times [N], to be written before `classes` is called: weights, or scores where `normalises`. */
  readonly weights: Columns;
  /** Classes [N], in an array that the next call overwrites. */
  classes(): Int32Array;
}

/** Functions of `weighted-argmax.wat`. Places are in bytes of the module's memory. */
interface Code {
  signs(
    modalities: number,
    stride: number,
    scores: number,
    end: number,
    differences: number,
    best: number,
    guard: number,
  ): number;
  argmax(
    modalities: number,
    first: number,
    classes: number,
    floor: number,
    normalises: number,
    stride: number,
    scores: number,
    end: number,
    columns: number,
    best: number,
  ): void;
}

const startArgmax = vectorCode<Code>(argmaxWasm);

/** The vector code takes eight rows at a time. Rows that are not there have no scores, and a class that nobody reads. */
const LANES = 8;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * Classes of sum_m weights_m * columns_m, without storing the sums: the same operations in the same order as the plain
 * formula, so that the classes are the same to the last tie. Between two classes most rows are clear from a sum that
 * needs no division; only the others are decided by the formula.
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
  const stride = padded * BYTES;
  const scores = modalities * LANES * BYTES;
  const differencesAt = scores + modalities * stride;
  const columnsAt = differencesAt + (width <= 2 ? modalities * stride : 0);
  const best = columnsAt + modalities * width * stride;
  const bytes = best + padded * Int32Array.BYTES_PER_ELEMENT;
  if (bytes > VECTOR_MEMORY_LIMIT) return undefined;

  const { run, memory } = startArgmax(bytes);
  copyByClass(columns, width, new Float64Array(memory, columnsAt, modalities * width * padded));
  const differences = normalises && width <= 2 ? signedDifferences(columns, width, cut) : undefined;
  differences?.values.forEach((values, m) => {
    new Float64Array(memory, differencesAt + m * stride, rows).set(values);
  });
  const [first, floor] = width === 1 ? [1, numberBelow(cut)] : [0, 0];
  const end = scores + stride;

  /** Both are of the rows from byte `at` of the first modality's scores. */
  const argmax = (at: number, until: number): void => {
    const [from, to, into] = [scores + at, scores + until, best + at / 2];
    run.argmax(
      modalities,
      first,
      first + width,
      floor,
      Number(normalises),
      stride,
      from,
      to,
      columnsAt + at,
      into,
    );
  };
  const decideClearRows = (at: number, guard: number): number =>
    run.signs(modalities, stride, scores + at, end, differencesAt + at, best + at / 2, guard) - scores;

  const classes = new Int32Array(memory, best, rows);
  return {
    weights: columns.map((_, m) => new Float64Array(memory, scores + m * stride, rows)),
    classes: () => {
      if (differences === undefined) {
        argmax(0, stride);
        return classes;
      }
      const block = LANES * BYTES;
      for (let at = decideClearRows(0, differences.guard); at < stride;) {
        argmax(at, at + block);
        at += block;
        if (at < stride) at = decideClearRows(at, differences.guard);
      }
      return classes;
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
