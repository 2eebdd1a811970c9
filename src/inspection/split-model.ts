import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { modelFailure } from '../model/engine-failure.ts';
import type { Feed, Fetched, LoadedModel, SplitModel, TensorInfo } from '../model/loaded-model.ts';
import { loadModel } from '../model/load-model.ts';
import type { InspectOptions } from './inspect-model.ts';
import { madeUpSample } from './sample.ts';

export interface SplitWish {
  readonly model: string;
  /** Tensors to cut at. */
  readonly at: readonly string[];
  /** The fused output. Default: the model's only output. */
  readonly output?: string;
}

/** Two models that are the one when run behind each other, as was tried. */
export interface Split {
  readonly prefix: SplitPart;
  readonly suffix: SplitPart;
  readonly hasFilesBeside: boolean;
  /** Largest difference that was found, relative to the largest output. */
  readonly difference: number;
}

export interface SplitPart {
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/**
 * Splits a model at its scores, and sees on made-up rows that both parts together are the model.
 *
 * @throws ConfigurationError when it cannot be split there, or the parts are not the model
 */
export async function splitModel(wish: SplitWish, options: InspectOptions): Promise<Split> {
  const { model } = wish;
  const file = await loadModel({ kind: 'model', path: model, engine: 'auto' }, options.workspace, options);
  const { loaded } = file;
  try {
    if (loaded.split === undefined) {
      throw new ConfigurationError(`The model "${model}" cannot be split: only ONNX models up to 2 GiB can.`);
    }
    const output = fusedOutput(wish, loaded);
    const split = await loaded.split({ scores: wish.at, output });
    const difference = await differenceOf(model, loaded, split, output);
    if (!(difference <= split.tolerance)) {
      throw new ConfigurationError(
        `The two parts of the model "${model}" do not give what it gives: they differ by ${difference.toPrecision(3)} of the largest output. Nothing was written. Cut at another tensor.`,
      );
    }
    const [prefix, suffix] = [split.prefix, split.suffix].map(({ bytes, loaded: { inputs, outputs } }) => ({
      bytes,
      inputs,
      outputs,
    }));
    return { prefix, suffix, hasFilesBeside: split.hasFilesBeside, difference };
  } finally {
    await loaded.close();
  }
}

/** How far the parts, one behind the other, are from the whole, relative to its largest output. */
async function differenceOf(
  model: string,
  loaded: LoadedModel,
  { prefix, suffix }: SplitModel,
  output: string,
): Promise<number> {
  const sample = madeUpSample(loaded.inputs, model);
  const feeds = new Map([...sample.feeds].map(([name, [feed]]) => [name, feed]));
  const run = async (part: LoadedModel, all: ReadonlyMap<string, Feed>, names: readonly string[]) => {
    const own = part.inputs.map(({ name }) => [name, all.get(name)!] as const);
    try {
      return await part.run(Object.fromEntries(own), names);
    } catch (error) {
      throw new ConfigurationError(
        `The model "${model}" could not be tried on made-up rows: ${modelFailure(error)}. Nothing was written.`,
      );
    }
  };
  const wanted = await run(loaded, feeds, [output]);
  const handed = await run(
    prefix.loaded,
    feeds,
    prefix.loaded.outputs.map(({ name }) => name),
  );
  const found = await run(suffix.loaded, new Map([...feeds, ...Object.entries(handed)]), [output]);
  return relativeDifference(wanted[output], found[output]);
}

/** NaN, which is larger than any tolerance, where one of two values is none and the other is. */
function relativeDifference(wanted: Fetched, found: Fetched): number {
  if (wanted.values.length !== found.values.length) return Infinity;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < wanted.values.length; i++) {
    const [a, b] = [wanted.values[i], found.values[i]];
    if (Object.is(a, b)) continue;
    difference = Math.max(difference, Math.abs(a - b));
  }
  for (const value of wanted.values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return difference === 0 ? 0 : difference / largest;
}

function fusedOutput({ output, model }: SplitWish, { outputs }: LoadedModel): string {
  const names = outputs.map(({ name }) => name);
  if (output === undefined && names.length === 1) return names[0];
  if (output !== undefined && names.includes(output)) return output;
  const problem =
    output === undefined
      ? `The model "${model}" has ${names.length} outputs; name the fused one with --output.`
      : `The model "${model}" has no output "${output}", which --output names.${didYouMean(output, names)}`;
  throw new ConfigurationError(`${problem} Its outputs: ${enumerate(names)}.`);
}
