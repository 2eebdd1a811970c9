import { ConfigurationError } from '../../foundation/errors.ts';
import { describeTensors } from './describe.ts';
import type { GraphInput } from './graph-inputs.ts';
import type { InputShape } from './input-shape.ts';

/** One forward pass: which rows it computes, and how many the graph is given (the last ones may be padding). */
export interface Pass {
  readonly start: number;
  readonly rows: number;
  readonly size: number;
}

/** What inputs and activations of a pass may take together. */
const MEMORY = 256 * 2 ** 20;

/** What the inputs of a pass may take at most, when the graph fixes its rows. */
const MAX_FEED_BYTES = 2 ** 30;
/** And how many rows, where there are fewer examples. */
const MAX_IDLE_ROWS = 2 ** 16;

/** A guess: layers inside hold this many times what enters them, and at least so many bytes an example. */
const ACTIVATIONS = 16;
const LEAST_BYTES = 64 * 2 ** 10;

/**
 * Cuts the rows into passes, the same ones for every replay: engines round by the shape of a batch.
 *
 * @param asked rows per pass as the user says; undefined: what fits memory
 * @throws ConfigurationError when the graph fixes another number, or several
 */
export function planPasses(
  rows: number,
  asked: number | undefined,
  inputs: readonly (GraphInput & { readonly fit: InputShape })[],
  model: string,
): Pass[] {
  const size = fixedBatch(rows, inputs, model);
  if (size !== undefined && asked !== undefined && asked !== size) {
    throw new ConfigurationError(
      `batch-size: ${asked} does not fit the model "${model}", which takes exactly ${size} rows per pass; remove it, or export the model with a free first axis.`,
    );
  }
  const step = size ?? Math.min(rows, asked ?? rowsInMemory(inputs.map(({ fit }) => fit)));
  return Array.from({ length: Math.ceil(rows / step) }, (_, i) => {
    const left = Math.min(step, rows - i * step);
    return { start: i * step, rows: left, size: size ?? left };
  });
}

/** So many rows are a sample of the model that costs little beside all of them. */
const FEW = { most: 64, least: 8, share: 1 / 20 };

/** A pass of the first rows, a few of them where the graph does not fix how many. */
export function fewRows(
  [{ rows, size }, ...others]: readonly Pass[],
  inputs: readonly { readonly fit: InputShape }[],
): Pass {
  if (inputs.some(({ fit }) => fit.batch !== null)) return { start: 0, rows, size };
  const all = others.reduce((sum, pass) => sum + pass.rows, rows);
  const wished = Math.min(FEW.most, Math.max(FEW.least, Math.ceil(all * FEW.share)));
  const few = Math.min(rows, wished);
  return { start: 0, rows: few, size: few };
}

function fixedBatch(
  rows: number,
  inputs: readonly (GraphInput & { readonly fit: InputShape })[],
  model: string,
): number | undefined {
  const fixed = inputs.filter(({ fit }) => fit.batch !== null);
  const sizes = new Set(fixed.map(({ fit }) => fit.batch!));
  if (sizes.size < 2) {
    const size = [...sizes].at(0);
    if (size !== undefined) refuseBatch(size, rows, inputs, model);
    return size;
  }
  throw new ConfigurationError(
    `The inputs of the model "${model}" fix different numbers of rows per pass: ${describeTensors(fixed.map(({ info }) => info))}. Export it with a free first axis.`,
  );
}

/** A pass is filled up to the rows that the graph wants: a damaged or hostile one may want any number. */
function refuseBatch(
  size: number,
  rows: number,
  inputs: readonly (GraphInput & { readonly fit: InputShape })[],
  model: string,
): void {
  const fitting = Math.floor(MAX_FEED_BYTES / (8 * Math.max(1, valuesPerRow(inputs.map(({ fit }) => fit)))));
  const most = Math.min(fitting, Math.max(rows, MAX_IDLE_ROWS));
  if (size >= 1 && size <= most) return;
  throw new ConfigurationError(
    `The model "${model}" takes exactly ${size} rows per pass; from 1 to ${most} are possible. Export it with a free first axis.`,
  );
}

function rowsInMemory(shapes: readonly InputShape[]): number {
  return Math.max(1, Math.floor(MEMORY / (LEAST_BYTES + 4 * valuesPerRow(shapes) * ACTIVATIONS)));
}

function valuesPerRow(shapes: readonly InputShape[]): number {
  return shapes.reduce((sum, { row }) => sum + row.reduce((product, size) => product * size, 1), 0);
}
