import { readFile, stat } from 'node:fs/promises';

import type { InferenceSession, Tensor } from 'onnxruntime-web';

import { ConfigurationError } from '../../foundation/errors.ts';
import { modelFailure } from '../engine-failure.ts';
import type { LoadRequest, LoadedFiles } from '../load-request.ts';
import type { Feed, Fetched, LoadedModel, TensorInfo } from '../loaded-model.ts';
import type { ExternalFile } from './external-data.ts';
import { externalFiles } from './external-data.ts';
import type { OnnxRuntime } from './onnx-runtime.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { WireError } from './protobuf.ts';
import type { RuntimeArray } from './tensor-values.ts';
import { castValues, floatsOf } from './tensor-values.ts';

/** A protobuf message has at most 2 GiB, by its own definition; larger models keep their weights in files beside. */
const MAX_GRAPH_BYTES = 2 ** 31 - 1;

/** What is read before an engine sees it: half of what a WebAssembly memory holds. Larger ones only native code opens. */
const MAX_HELD_BYTES = 2 ** 31 - 1;

/**
 * Opens an ONNX model with the runtime that is asked for.
 *
 * @throws ConfigurationError when the file is no ONNX model, names weights outside its folder, or the runtime refuses it
 */
export async function loadOnnx(request: LoadRequest): Promise<LoadedFiles> {
  const bytes = await request.workspace.read(request.path, 'model', MAX_GRAPH_BYTES);
  const beside = await weightFiles(bytes, request);
  const runtime = await onnxRuntime(request);
  const session = await openSession(runtime, bytes, beside, request);
  return {
    loaded: onnxModel(runtime, session),
    files: [request.file, ...beside.map(({ file }) => file)],
  };
}

async function weightFiles(bytes: Uint8Array, { path, workspace }: LoadRequest): Promise<ExternalFile[]> {
  try {
    return await externalFiles(bytes, path, workspace);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new ConfigurationError(
      `The model "${path}" is not an ONNX file, or it is damaged (${error.message}). Export or copy it again.`,
    );
  }
}

async function openSession(
  { ort, opensFiles, session }: OnnxRuntime,
  bytes: Uint8Array,
  beside: readonly ExternalFile[],
  { path, file }: LoadRequest,
): Promise<InferenceSession> {
  const sizes = await Promise.all(beside.map(async (it) => (await stat(it.file)).size));
  const total = sizes.reduce((sum, size) => sum + size, bytes.length);
  if (total > MAX_HELD_BYTES && !opensFiles) {
    throw new ConfigurationError(
      `The model "${path}" has ${total} bytes with its weights; the embedded engine takes at most ${MAX_HELD_BYTES}. Install the native one (npm i onnxruntime-node).`,
    );
  }
  try {
    if (total > MAX_HELD_BYTES) return await ort.InferenceSession.create(file, session);
    const data = beside.map(async (it) => ({ path: it.location, data: await readFile(it.file) }));
    return await ort.InferenceSession.create(bytes, { ...session, externalData: await Promise.all(data) });
  } catch (error) {
    throw new ConfigurationError(
      `The model "${path}" cannot be opened as ONNX: ${modelFailure(error)}. Check it with onnx.checker.check_model, or export it again.`,
    );
  }
}

function onnxModel({ engine, ort }: OnnxRuntime, session: InferenceSession): LoadedModel {
  const inputs = session.inputMetadata.map(tensorInfo);
  const dtypes = new Map(inputs.map(({ name, dtype }) => [name, dtype]));
  // Frozen feeds come again with every shuffle: what was made of them once is kept as long as they are.
  const made = new WeakMap<Feed, Tensor>();
  const tensorOf = (name: string, feed: Feed): Tensor => {
    const known = made.get(feed);
    if (known !== undefined) return known;
    const dtype = dtypes.get(name)!;
    const tensor = makeTensor(ort, dtype, castValues(feed.values, dtype), feed.shape);
    made.set(feed, tensor);
    return tensor;
  };
  return {
    engine,
    inputs,
    outputs: session.outputMetadata.map(tensorInfo),
    run: async (feeds, fetch) => {
      const tensors = Object.entries(feeds).map(([name, feed]) => [name, tensorOf(name, feed)] as const);
      const results = await session.run(Object.fromEntries(tensors), [...fetch]);
      return Object.fromEntries(fetch.map((name) => [name, fetched(results[name])]));
    },
    close: () => session.release(),
  };
}

function tensorInfo(meta: InferenceSession.ValueMetadata): TensorInfo {
  if (!meta.isTensor) return { name: meta.name, dtype: 'no tensor' };
  const shape = meta.shape.map((size) => (typeof size === 'number' ? size : null));
  return { name: meta.name, dtype: meta.type, shape };
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
  return { shape: tensor.dims, values: floatsOf(tensor.type, tensor.data as RuntimeArray) };
}
