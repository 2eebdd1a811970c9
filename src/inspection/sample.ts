import { randomFor } from '../diagnostic/random.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import { readNumbers } from '../evaluation-set/numbers.ts';
import { describeColumn } from '../evaluation-set/wording.ts';
import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import type { Floats } from '../model/decision.ts';
import { modelFailure } from '../model/engine-failure.ts';
import { describeTensor } from '../model/frozen-graph/describe.ts';
import { feedsOf } from '../model/frozen-graph/feeds.ts';
import type { GraphInput } from '../model/frozen-graph/graph-inputs.ts';
import { fitInput } from '../model/frozen-graph/input-shape.ts';
import { inputValues } from '../model/frozen-graph/input-values.ts';
import { type Pass, planPasses } from '../model/frozen-graph/passes.ts';
import type { Feed, Fetched, LoadedModel, TensorInfo } from '../model/loaded-model.ts';

/** What a tensor holds for some rows. */
export interface Sampled {
  /** The shape of one example, without the axis of the examples. */
  readonly row: readonly number[];
  /** 1 where the tensor is [modalities, examples]. */
  readonly batchAxis: 0 | 1;
  /** [N * width], row-major. */
  readonly values: Floats;
}

/** Rows to run a model on. */
export interface Sample {
  readonly rows: number;
  readonly passes: readonly Pass[];
  /** By input, one for each pass. */
  readonly feeds: ReadonlyMap<string, readonly Feed[]>;
}

/** So many rows are made up where there is no data: a number that no other axis is likely to have. */
export const MADE_UP_ROWS = 13;
/** And so many positions on an axis that the model leaves free. */
const FREE_SIZE = 4;
/** More values of an input than this are not made up. */
const MOST_VALUES = 2 ** 26;

/**
 * Rows of an evaluation set: every input takes the column of its name.
 *
 * @throws ConfigurationError when an input has no column, or its column does not fit
 */
export async function sampleOfData(
  inputs: readonly TensorInfo[],
  data: EvaluatedRows,
  model: string,
): Promise<Sample> {
  const graph: GraphInput[] = inputs.map((info) => {
    refuseWithoutColumn(info, data, model);
    return { info, column: info.name, fills: 'evidence', batchAxis: 0 };
  });
  const columns = await Promise.all(graph.map(({ column }) => readNumbers(data, column, 'input')));
  const fitted = graph.map((input, i) => ({ ...input, fit: fitInput(input, columns[i]) }));
  const passes = planPasses(data.rows.length, undefined, fitted, model);
  const feeds = fitted.map(({ info, column, fit }, i): [string, Feed[]] => {
    const values = inputValues(columns[i].values, info, column, data);
    return [info.name, feedsOf({ values, row: fit.row, batchAxis: 0 }, passes)];
  });
  return { rows: data.rows.length, passes, feeds: new Map(feeds) };
}

/**
 * Made-up rows: uniform in [-2, 2), of whole numbers 0 and 1, the same ones in every run.
 *
 * @throws ConfigurationError when a model does not say what shape it takes
 */
export function madeUpSample(inputs: readonly TensorInfo[], model: string): Sample {
  const fixed = inputs.map(({ shape }) => shape?.[0]).find((size) => typeof size === 'number');
  const rows = fixed ?? MADE_UP_ROWS;
  const feeds = inputs.map((info): [string, Feed[]] => [info.name, [madeUp(info, rows, model)]]);
  return { rows, passes: [{ start: 0, rows, size: rows }], feeds: new Map(feeds) };
}

function madeUp(info: TensorInfo, rows: number, model: string): Feed {
  const { name, dtype } = info;
  const shape = info.shape?.map((size, axis) => size ?? (axis === 0 ? rows : FREE_SIZE));
  const count = shape?.reduce((product, size) => product * size, 1) ?? Infinity;
  if (shape === undefined || count > MOST_VALUES || /string|no tensor/.test(dtype)) {
    throw new ConfigurationError(
      `No rows can be made up for the input ${describeTensor(info)} of the model "${model}". Name an evaluation set (--evaluation-set).`,
    );
  }
  const random = randomFor(0, 'inspect', name);
  const isFloat = dtype.startsWith('float');
  const values = Float64Array.from({ length: count }, () =>
    isFloat ? 4 * random() - 2 : Math.floor(2 * random()),
  );
  return { shape, values };
}

/**
 * Runs a model on the rows.
 *
 * @returns the tensors that have an axis of examples
 * @throws ConfigurationError when the engine fails
 */
export async function runSample(
  loaded: LoadedModel,
  sample: Sample,
  tensors: readonly string[],
  model: string,
): Promise<ReadonlyMap<string, Sampled>> {
  const parts: Record<string, Fetched>[] = [];
  for (const index of sample.passes.keys()) {
    const feeds = loaded.inputs.map(({ name }) => [name, sample.feeds.get(name)![index]] as const);
    try {
      parts.push(await loaded.run(Object.fromEntries(feeds), tensors));
    } catch (error) {
      throw new ConfigurationError(
        `The model "${model}" fails on the rows it was tried on: ${modelFailure(error)}.`,
      );
    }
  }
  return sampledOf(sample, new Map(tensors.map((name) => [name, parts.map((part) => part[name])])));
}

/** The inputs themselves, as a model would give them back. */
export function sampledInputs(sample: Sample): ReadonlyMap<string, Sampled> {
  const parts = [...sample.feeds].map(([name, feeds]): [string, Fetched[]] => [
    name,
    feeds.map(({ shape, values }) => ({ shape, values: Float64Array.from(values) })),
  ]);
  return sampledOf(sample, new Map(parts));
}

function sampledOf(
  { rows, passes }: Sample,
  parts: ReadonlyMap<string, readonly Fetched[]>,
): ReadonlyMap<string, Sampled> {
  const found = new Map<string, Sampled>();
  for (const [name, results] of parts) {
    const sampled = joined(passes, results, rows);
    if (sampled !== undefined) found.set(name, sampled);
  }
  return found;
}

/** Undefined where a result has no axis of examples, or has another width in another pass. */
function joined(passes: readonly Pass[], parts: readonly Fetched[], rows: number): Sampled | undefined {
  const [{ shape }] = parts;
  const [{ size }] = passes;
  const batchAxis = shape[0] === size ? 0 : shape.length === 2 && shape[1] === size ? 1 : undefined;
  if (batchAxis === undefined) return undefined;
  const row = shape.filter((_, axis) => axis !== batchAxis);
  const width = widthOf({ row });
  const values = new Float64Array(rows * width);
  for (const [i, pass] of passes.entries()) {
    const part = parts[i];
    if (part.shape[batchAxis] !== pass.size || part.values.length !== pass.size * width) return undefined;
    for (let r = 0; r < pass.rows; r++) {
      for (let c = 0; c < width; c++) {
        const from = batchAxis === 0 ? r * width + c : c * pass.size + r;
        values[(pass.start + r) * width + c] = part.values[from];
      }
    }
  }
  return { row, batchAxis, values };
}

/** Numbers per example. */
export function widthOf({ row }: Pick<Sampled, 'row'>): number {
  return row.reduce((product, size) => product * size, 1);
}

function refuseWithoutColumn({ name }: TensorInfo, { set }: EvaluatedRows, model: string): void {
  const names = set.columns.map((column) => column.name);
  if (names.includes(name)) return;
  throw new ConfigurationError(
    `Nothing fills the input "${name}" of the model "${model}": "${set.path}" has no column of that name.${didYouMean(name, names)} Rename the column, or write the gate by hand, where {tensor: ${name}, column: ...} is possible. The columns: ${enumerate(set.columns.map(describeColumn))}.`,
  );
}
