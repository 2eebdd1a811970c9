import type { DataType, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import type { Feed, Fetched, LoadedModel, TensorInfo } from '../loaded-model.ts';
import type { TfEngine } from './tfjs-engine.ts';

/** A model that some part of the library has opened: how it is called. */
export interface TfModel {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Backends that can run it, in order of preference. */
  readonly backends: readonly string[];
  /** One forward pass. What it allocates beside its result is freed, in here or by the caller's tidy. */
  forward(inputs: NamedTensorMap, outputs: readonly string[]): Tensor[] | Promise<Tensor[]>;
  dispose(): void;
}

const ARRAYS = new Map<string, new (values: ArrayLike<number>) => Float32Array | Int32Array | Uint8Array>([
  ['float32', Float32Array],
  ['int32', Int32Array],
  ['bool', Uint8Array],
]);

/**
 * Runs a TensorFlow.js model on the first backend that can.
 *
 * The WebAssembly backend lacks some operations. Whether a model needs one shows at its first pass, before which
 * nothing was computed: that pass, and all after it, then run on the next backend.
 */
export function runnable({ name, core }: TfEngine, model: TfModel): LoadedModel {
  const backends = [...model.backends];
  let proven = false;
  const dtypes = new Map(model.inputs.map((input) => [input.name, input.dtype]));

  const pass = async (feeds: Readonly<Record<string, Feed>>, fetch: readonly string[]) => {
    await core.setBackend(backends[0]);
    const inputs: [string, Tensor][] = [];
    let outputs: Tensor[] = [];
    try {
      for (const [input, feed] of Object.entries(feeds)) {
        const dtype = dtypes.get(input)!;
        inputs.push([input, core.tensor(cast(feed.values, dtype), [...feed.shape], dtype as DataType)]);
      }
      outputs = await model.forward(Object.fromEntries(inputs), fetch);
      return Object.fromEntries(outputs.map((output, i) => [fetch[i], fetched(output)]));
    } finally {
      core.dispose(inputs.map(([, tensor]) => tensor));
      core.dispose(outputs);
    }
  };

  return {
    get engine() {
      return `${name} (${backends[0]})`;
    },
    inputs: model.inputs,
    outputs: model.outputs,
    run: async (feeds, fetch) => {
      for (;;) {
        try {
          const result = await pass(feeds, fetch);
          proven = true;
          return result;
        } catch (error) {
          if (proven || backends.length === 1) throw error;
          backends.shift();
        }
      }
    },
    close: () => {
      model.dispose();
      return Promise.resolve();
    },
  };
}

function cast(values: NumericArray, dtype: string): Float32Array | Int32Array | Uint8Array {
  const constructor = ARRAYS.get(dtype);
  if (constructor === undefined) throw new Error(`no cast to ${dtype}`);
  return values instanceof constructor ? values : new constructor(values);
}

function fetched(tensor: Tensor): Fetched {
  const values = tensor.dataSync();
  return { shape: tensor.shape, values: values instanceof Float32Array ? values : Float64Array.from(values) };
}

/**
 * TensorFlow.js writes a free size as null or -1.
 *
 * @throws TypeError when a size is no whole number
 */
export function freeSizes(shape: readonly (number | null)[] | undefined): (number | null)[] | undefined {
  return shape?.map((size) => {
    if (size !== null && !Number.isInteger(size)) throw new TypeError('a size that is no whole number');
    return size === null || size < 0 ? null : size;
  });
}
