import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import { ConfigurationError, NotFiniteError } from '../../foundation/errors.ts';
import type { Logger, Progress } from '../../foundation/logger.ts';
import type { Floats } from '../decision.ts';
import { modelFailure } from '../engine-failure.ts';
import type { Feed, Fetched, LoadedModel } from '../loaded-model.ts';
import { shapeText } from './describe.ts';
import { inFlight } from './in-flight.ts';
import { firstNotFinite } from './not-finite.ts';
import type { Pass } from './passes.ts';

/** An output of all rows: [N * width], row-major. */
export interface ModelOutput {
  readonly values: Floats;
  readonly width: number;
}

/** Tensor name to its feed of each pass. */
export type Feeds = ReadonlyMap<string, readonly Feed[]>;

/** A model with what is needed to speak of its work and its failures. */
export interface Runner {
  readonly loaded: LoadedModel;
  readonly model: string;
  readonly data: EvaluatedRows;
  readonly passes: readonly Pass[];
  readonly logger: Logger;
}

/**
 * Runs all passes and joins their outputs.
 *
 * @param situation which scores were fed, as the end of a sentence about a NaN
 * @throws ConfigurationError when the engine fails, an output is not one row an example, or a value is not finite
 */
export async function runPasses(
  runner: Runner,
  feeds: Feeds,
  fetch: readonly string[],
  situation: string,
): Promise<ModelOutput[]> {
  const parts = await fetchPasses(runner, feeds, fetch);
  return fetch.map((name) => joinOutput(runner, name, parts.get(name)!, situation));
}

/**
 * Runs all passes.
 *
 * @param feeds what the model takes of them is fed
 * @param progress advances with every pass
 * @returns by tensor one result for each pass, as the engine gives them
 * @throws ConfigurationError when the engine fails
 */
export async function fetchPasses(
  runner: Runner,
  feeds: Feeds,
  fetch: readonly string[],
  progress?: Progress,
): Promise<ReadonlyMap<string, readonly Fetched[]>> {
  const own = new Map(runner.loaded.inputs.map(({ name }) => [name, feeds.get(name)!]));
  const results = await inFlight(runner.passes.length, runner.loaded.concurrency ?? 1, async (index) => {
    const result = await runPass(runner, own, index, fetch);
    progress?.advance();
    return result;
  });
  return new Map(fetch.map((name) => [name, results.map((result) => result[name])]));
}

/**
 * Joins what the passes give for an output.
 *
 * @throws ConfigurationError when it is not one row an example, or a value is not finite
 */
export function joinOutput(
  runner: Runner,
  name: string,
  parts: readonly Fetched[],
  situation: string,
): ModelOutput {
  for (const [index, pass] of runner.passes.entries()) {
    refuseOtherShape(runner, name, parts[index], pass, parts[0]);
  }
  const output = join(runner.passes, parts);
  refuseNotFinite(runner, name, output, situation);
  return output;
}

async function runPass(
  { loaded, model, passes }: Runner,
  feeds: Feeds,
  index: number,
  fetch: readonly string[],
) {
  const own = Object.fromEntries([...feeds].map(([name, list]) => [name, list[index]]));
  try {
    return await loaded.run(own, fetch);
  } catch (error) {
    // What stopped the whole run has nothing to do with these rows.
    if (error instanceof ConfigurationError) throw error;
    const { start, rows } = passes[index];
    throw new ConfigurationError(
      `The model "${model}" fails on evaluated rows ${start} to ${start + rows - 1}: ${modelFailure(error)}.`,
    );
  }
}

function refuseOtherShape(
  { model }: Runner,
  name: string,
  { shape, values }: Fetched,
  { size }: Pass,
  first: Fetched,
): void {
  if (shape[0] !== size) {
    throw new ConfigurationError(
      `The output "${name}" of the model "${model}" has shape ${shapeText(shape)} for ${size} rows; its first axis must run over the examples.`,
    );
  }
  if (widthOf(first) === values.length / size) return;
  throw new ConfigurationError(
    `The output "${name}" of the model "${model}" has shape ${shapeText(first.shape)} in one pass and ${shapeText(shape)} in another; its width must not depend on the data.`,
  );
}

function widthOf({ values, shape }: Fetched): number {
  return values.length / shape[0];
}

function join(passes: readonly Pass[], parts: readonly Fetched[]): ModelOutput {
  const width = widthOf(parts[0]);
  const total = passes.reduce((sum, { rows }) => sum + rows, 0);
  const values = new (parts[0].values.constructor as new (length: number) => Floats)(total * width);
  passes.forEach(({ start, rows }, i) => {
    values.set(parts[i].values.subarray(0, rows * width), start * width);
  });
  return { values, width };
}

function refuseNotFinite(
  { model, data }: Runner,
  name: string,
  { values, width }: ModelOutput,
  situation: string,
): void {
  const at = firstNotFinite(values);
  if (at === -1) return;
  const row = data.nameRow(Math.floor(at / width));
  throw new NotFiniteError(
    `The model "${model}" gives ${values[at]} in its output "${name}" for ${row} of "${data.set.path}" ${situation}; a prediction must be a finite number.`,
  );
}
