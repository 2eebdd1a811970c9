import type { DataType, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import type { CutModel, CutWish, Feed, Fetched, LoadedModel, TensorInfo } from '../loaded-model.ts';
import type { PlanGraph } from '../cut/plan-graph.ts';
import { operatorGraph } from '../cut/show-graph.ts';
import { onnxName } from './operator-names.ts';
import type { TfEngine } from './tfjs-engine.ts';

/** A model that some part of the library has opened: how it is called. */
export interface TfModel {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Backends that can run it, in order of preference. */
  readonly backends: readonly string[];
  /** One forward pass. What it allocates beside its result is freed, in here or by the caller's tidy. */
  forward(inputs: NamedTensorMap, outputs: readonly string[]): Tensor[] | Promise<Tensor[]>;
  /** Undefined where the library shows nothing of what lies inside. */
  cut?(wish: TfCutWish): CutTfModel | Promise<CutTfModel>;
  /** What it is made of. */
  show?(): PlanGraph;
  /** The same model with tensors among its outputs that lie inside. */
  trace?(tensors: readonly string[]): TfModel;
  dispose(): void;
}

/** Nothing is optimised here, so nothing need be left plain. */
export type TfCutWish = Omit<CutWish, 'plain'>;

/** A model in two parts; the traced one has nothing of its own to dispose of. */
export interface CutTfModel {
  readonly traced: TfModel;
  readonly suffix: TfModel;
  readonly sources: CutModel['sources'];
}

/** Largest difference, relative to the largest output: the same kernels run in both parts, but threads may share work otherwise. */
const TOLERANCE = 1e-6;

/** What a pass fetched may be fed to the next one, with the dtype that it had. */
const dtypesOf = new WeakMap<Feed, string>();

const ARRAYS = new Map<string, new (values: ArrayLike<number>) => Float32Array | Int32Array | Uint8Array>([
  ['float32', Float32Array],
  ['int32', Int32Array],
  ['bool', Uint8Array],
]);

/** Where a model and its parts run: all on the same backend. */
interface Machine {
  readonly engine: TfEngine;
  /** Those that may still run it. */
  readonly backends: string[];
  isProven: boolean;
}

/**
 * Runs a TensorFlow.js model on the first backend that can.
 *
 * The WebAssembly backend lacks some operations. Whether a model needs one shows at its first pass, before which
 * nothing was computed: that pass, and all after it, then run on the next backend.
 */
export function runnable(engine: TfEngine, model: TfModel): LoadedModel {
  return running({ engine, backends: [...model.backends], isProven: false }, model);
}

function running(machine: Machine, model: TfModel): LoadedModel {
  const { engine, backends } = machine;
  const parts: TfModel[] = [];
  const dtypes = new Map(model.inputs.map(({ name, dtype }) => [name, dtype]));
  const cut = async (wish: CutWish): Promise<CutModel> => {
    const { traced, suffix, sources } = await model.cut!(wish);
    parts.push(suffix);
    const part = (it: TfModel): LoadedModel => running(machine, { ...it, cut: undefined });
    return { whole, traced: part(traced), suffix: part(suffix), sources, tolerance: TOLERANCE };
  };
  const whole: LoadedModel = {
    get engine() {
      return `${engine.name} (${backends[0]})`;
    },
    inputs: model.inputs,
    outputs: model.outputs,
    run: async (feeds, fetch) => {
      for (;;) {
        try {
          const result = await pass(machine, model, dtypes, feeds, fetch);
          machine.isProven = true;
          return result;
        } catch (error) {
          if (machine.isProven || backends.length === 1) throw error;
          backends.shift();
        }
      }
    },
    cut: model.cut && cut,
    show: model.show && (() => Promise.resolve(operatorGraph(model.show!(), onnxName))),
    trace: model.trace && ((tensors) => Promise.resolve(running(machine, model.trace!(tensors)))),
    close: () => {
      for (const part of [...parts.splice(0), model]) part.dispose();
      return Promise.resolve();
    },
  };
  return whole;
}

async function pass(
  { engine: { core }, backends }: Machine,
  model: TfModel,
  dtypes: Map<string, string>,
  feeds: Readonly<Record<string, Feed>>,
  fetch: readonly string[],
): Promise<Record<string, Fetched>> {
  await core.setBackend(backends[0]);
  const inputs: [string, Tensor][] = [];
  let outputs: Tensor[] = [];
  try {
    for (const [name, feed] of Object.entries(feeds)) {
      // Of what lies inside a model the file does not always say the dtype: it is learned from what is handed over.
      const dtype = dtypesOf.get(feed) ?? dtypes.get(name)!;
      dtypes.set(name, dtype);
      inputs.push([name, core.tensor(cast(feed.values, dtype), [...feed.shape], dtype as DataType)]);
    }
    outputs = await model.forward(Object.fromEntries(inputs), fetch);
    return Object.fromEntries(outputs.map((output, i) => [fetch[i], fetched(output)]));
  } finally {
    core.dispose(inputs.map(([, tensor]) => tensor));
    core.dispose(outputs);
  }
}

function cast(values: NumericArray, dtype: string): Float32Array | Int32Array | Uint8Array {
  const constructor = ARRAYS.get(dtype);
  if (constructor === undefined) throw new Error(`no cast to ${dtype}`);
  return values instanceof constructor ? values : new constructor(values);
}

function fetched(tensor: Tensor): Fetched {
  const values = tensor.dataSync();
  const floats = values instanceof Float32Array ? values : Float64Array.from(values);
  const result = { shape: tensor.shape, values: floats };
  dtypesOf.set(result, tensor.dtype);
  return result;
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
