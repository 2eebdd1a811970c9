import type { InferenceSession, Tensor } from 'onnxruntime-web';

import type { Feed, Fetched, LoadedModel, TensorInfo } from '../loaded-model.ts';
import { type OnnxRuntime, QUIET } from './onnx-runtime.ts';
import type { RuntimeArray } from '../tensor-values.ts';
import { castValues, floatsOf } from '../tensor-values.ts';

/**
 * What the runtime made of a feed, or made itself. Frozen feeds come again with every shuffle: the tensor is kept as long as
 * they are. And what one session computed goes into the next as it is, whatever its dtype: no number is converted twice.
 */
const tensorsOf = new WeakMap<Feed, Tensor>();

/** One session of an ONNX runtime as a model. */
export function onnxModel({ engine, ort }: OnnxRuntime, session: InferenceSession): LoadedModel {
  const inputs = session.inputMetadata.map(tensorInfo);
  const dtypes = new Map(inputs.map(({ name, dtype }) => [name, dtype]));
  const tensorOf = (name: string, feed: Feed): Tensor => {
    const dtype = dtypes.get(name)!;
    const known = tensorsOf.get(feed);
    if (known?.type === dtype) return known;
    const tensor = makeTensor(ort, dtype, castValues(feed.values, dtype), feed.shape);
    tensorsOf.set(feed, tensor);
    return tensor;
  };
  return {
    engine,
    inputs,
    outputs: session.outputMetadata.map(tensorInfo),
    run: async (feeds, fetch) => {
      const tensors = Object.entries(feeds).map(([name, feed]) => [name, tensorOf(name, feed)] as const);
      const results = await session.run(Object.fromEntries(tensors), [...fetch], QUIET);
      return Object.fromEntries(fetch.map((name) => [name, fetched(results[name])]));
    },
    close: () => session.release(),
  };
}

/**
 * A model whose session is given up while it rests, weights and all.
 *
 * @param open makes a session, each time the same
 */
export async function restingModel(
  runtime: OnnxRuntime,
  open: () => Promise<InferenceSession>,
): Promise<LoadedModel> {
  const wake = async (): Promise<LoadedModel> => onnxModel(runtime, await open());
  let awake: Promise<LoadedModel> | undefined = wake();
  const { engine, inputs, outputs } = await awake;
  const rest = async (): Promise<void> => {
    const model = awake;
    awake = undefined;
    await (await model)?.close();
  };
  return {
    engine,
    inputs,
    outputs,
    run: async (feeds, fetch) => (await (awake ??= wake())).run(feeds, fetch),
    rest,
    close: rest,
  };
}

function tensorInfo(meta: InferenceSession.ValueMetadata): TensorInfo {
  if (!meta.isTensor) return { name: meta.name, dtype: 'no tensor' };
  const shape = meta.shape.map((size) => (isFixed(size) ? size : null));
  return { name: meta.name, dtype: meta.type, shape };
}

/** WebAssembly gives -1, a free size without a name, as an unsigned number. */
export function isFixed(size: number | string): size is number {
  return typeof size === 'number' && size >= 0 && size < 2 ** 31;
}

function makeTensor(
  ort: OnnxRuntime['ort'],
  dtype: string,
  data: RuntimeArray,
  dims: readonly number[],
): Tensor {
  // Where the platform has Float16Array the constructor makes one of the bits, which native code then takes for empty.
  if (dtype === 'float16') return { type: dtype, data, dims, location: 'cpu' } as Tensor;
  // The constructor is typed by overloads, one for each pair of dtype and array; castValues keeps the pairs.
  const construct = ort.Tensor as new (dtype: string, data: RuntimeArray, dims: readonly number[]) => Tensor;
  return new construct(dtype, data, dims);
}

function fetched(tensor: Tensor): Fetched {
  const result = { shape: tensor.dims, values: floatsOf(tensor.type, tensor.data as RuntimeArray) };
  tensorsOf.set(result, feedable(tensor));
  return result;
}

/** A tensor as native code takes it back: float16 by its bits, where the platform gave a Float16Array. */
function feedable(tensor: Tensor): Tensor {
  if (tensor.type !== 'float16') return tensor;
  const { buffer, byteOffset, length } = tensor.data as Uint16Array;
  return {
    type: 'float16',
    data: new Uint16Array(buffer, byteOffset, length),
    dims: tensor.dims,
    location: 'cpu',
  } as unknown as Tensor;
}
