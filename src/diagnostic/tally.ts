import { vectorCode } from '../foundation/vector-code.ts';
import { countHits, type Cells, type Counts } from './cells.ts';
import tallyWasm from './tally.wasm.ts';

const startTally = vectorCode<{ tally(stride: number, hits: number, table: number): number }>(tallyWasm);

/** Counts over draws of predictions. */
export interface Tally {
  /** Draws in which each example was right [N]. */
  readonly right: Uint32Array;
  /**
   * Counts one draw of predicted classes [N]: right ones per cell [F * C], and examples whose class changed. Where examples have
   * weights, both are sums of them.
   */
  count(predicted: Int32Array): { readonly hits: Counts; readonly flipped: number };
}

/** The vector code takes four rows at a time, and counts hits in a table for each. */
const LANES = 4;
const BYTES = Int32Array.BYTES_PER_ELEMENT;

/** @param clean classes that were predicted with Clean-Q [N] */
export function startCounting(cells: Cells, clean: Int32Array): Tally {
  return cells.weights ? startWeighing(cells, clean, cells.weights) : startVectorCode(cells, clean);
}

/** The vector code counts in 32 bits, which sums of weights outgrow. */
function startWeighing(cells: Cells, clean: Int32Array, weights: Float64Array): Tally {
  const { labels } = cells;
  const right = new Uint32Array(labels.length);
  return {
    right,
    count: (predicted) => {
      let flipped = 0;
      for (let i = 0; i < labels.length; i++) {
        if (predicted[i] === labels[i]) right[i]++;
        if (predicted[i] !== clean[i]) flipped += weights[i];
      }
      return { hits: countHits(predicted, cells), flipped };
    },
  };
}

function startVectorCode({ labels, of, sizes }: Cells, clean: Int32Array): Tally {
  const rows = labels.length;
  const padded = Math.ceil(rows / LANES) * LANES;
  const stride = padded * BYTES;
  const [predictedAt, labelsAt, cellsAt, cleanAt, rightAt, hitsAt] = [0, 1, 2, 3, 4, 5].map(
    (part) => part * stride,
  );
  const { run, memory } = startTally(hitsAt + LANES * sizes.length * BYTES);
  const hits = new Uint32Array(memory, hitsAt, LANES * sizes.length);
  const current = new Int32Array(memory, predictedAt, rows);
  // Rows that are not there have label 1 and class 0, before and after: never right and never changed.
  new Int32Array(memory, labelsAt, padded).fill(1).set(labels);
  new Int32Array(memory, cellsAt, rows).set(of);
  new Int32Array(memory, cleanAt, rows).set(clean);
  return {
    right: new Uint32Array(memory, rightAt, rows),
    count: (predicted) => {
      hits.fill(0);
      current.set(predicted);
      const flipped = run.tally(stride, hitsAt, sizes.length * BYTES);
      return { hits: sumOfTables(hits, sizes.length), flipped };
    },
  };
}

function sumOfTables(tables: Uint32Array, cells: number): Uint32Array {
  const sums = new Uint32Array(cells);
  tables.forEach((count, i) => (sums[i % cells] += count));
  return sums;
}
