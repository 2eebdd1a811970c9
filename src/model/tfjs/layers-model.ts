import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

import { ConfigurationError } from '../../foundation/errors.ts';
import { checkedPlan } from '../cut/checked-plan.ts';
import type { TensorInfo } from '../loaded-model.ts';
import { asKeras2 } from './keras-3.ts';
import { type CallGraph, type LayerCall, listCalls } from './layer-calls.ts';
import { refuseUnconnected } from './layer-graph.ts';
import type { TfModelFiles } from './model-json.ts';
import { runCalls } from './run-calls.ts';
import type { CutTfModel, TfCutWish, TfModel } from './tf-model.ts';
import { freeSizes } from './tf-model.ts';
import type { TfEngine } from './tfjs-engine.ts';

/** Models inside models, and layers inside wrappers. */
const MAX_DEPTH = 100;

/** A Keras-style model: layers by name, tensors named after the layers they belong to. */
export async function openLayersModel(
  engine: TfEngine,
  { handler }: TfModelFiles,
  path: string,
): Promise<TfModel> {
  const artifacts = asKeras2(await handler.load!(), path);
  const topology = artifacts.modelTopology as object;
  refuseForeignLayers(engine, topology, path);
  refuseUnconnected(topology, path);
  const model = await engine.loadLayersModel({ load: () => Promise.resolve(artifacts) });
  const inputs = tensorInfos(model.inputNames, model.inputs);
  const outputs = tensorInfos(outputNames(model), model.outputs);
  const opened: TfModel = {
    inputs,
    outputs,
    backends: engine.backends,
    forward: (tensors, fetch) => forward(engine, model, { inputs, outputs, tensors, fetch }),
    dispose: () => {
      const weights = model.getWeights();
      model.dispose();
      // The library keeps the weights of a layer that is called twice.
      engine.core.dispose(weights);
    },
  };
  const names = (tensors: readonly TensorInfo[]): string[] => tensors.map(({ name }) => name);
  const graph = (): CallGraph => listCalls(model, names(inputs), names(outputs));
  return { ...opened, cut: (wish) => cutLayers(engine, graph(), opened, wish, path) };
}

/** Both parts call layers of the model: no weight is held twice. */
function cutLayers(
  engine: TfEngine,
  graph: CallGraph,
  { inputs, backends }: TfModel,
  wish: TfCutWish,
  path: string,
): CutTfModel {
  const plan = checkedPlan(graph, wish, path);
  const part = (
    calls: ReadonlySet<LayerCall>,
    given: readonly TensorInfo[],
    wanted: readonly string[],
  ): TfModel => {
    const ordered = graph.nodes.filter((call) => calls.has(call));
    return {
      inputs: given,
      outputs: wanted.map((name) => graph.infos.get(name)!),
      backends,
      forward: (tensors, fetch) => runCalls(engine, ordered, tensors, fetch),
      dispose: () => undefined,
    };
  };
  const reads = new Set([...plan.suffix].flatMap((call) => call.reads));
  const fed = plan.fed.map((name) => graph.infos.get(name)!);
  return {
    sources: plan.sources,
    traced: part(plan.traced, inputs, plan.tracedOutputs),
    suffix: part(plan.suffix, [...inputs.filter(({ name }) => reads.has(name)), ...fed], [plan.output]),
  };
}

interface Pass {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly tensors: NamedTensorMap;
  readonly fetch: readonly string[];
}

function forward({ core }: TfEngine, model: LayersModel, pass: Pass): Tensor[] {
  return core.tidy(() => {
    const ordered = pass.inputs.map(({ name }) => pass.tensors[name]);
    const results = model.predictOnBatch(ordered.length === 1 ? ordered[0] : ordered);
    const list = Array.isArray(results) ? results : [results];
    return pass.fetch.map((name) => list[pass.outputs.findIndex((output) => output.name === name)]);
  });
}

/** The library calls outputs by their layers alone, so that two calls of one give two tensors one name. */
function outputNames(model: LayersModel): readonly string[] {
  const { inputNames, outputNames: names } = model;
  return new Set(names).size === names.length ? names : listCalls(model, inputNames).outputs;
}

function tensorInfos(names: readonly string[], tensors: readonly SymbolicTensor[]): TensorInfo[] {
  return tensors.map(({ dtype, shape }, i) => ({ name: names[i], dtype, shape: freeSizes(shape) }));
}

/** Refuses layers that the library does not bring: their code stands in Python, or in a file we will not run. */
function refuseForeignLayers({ core }: TfEngine, topology: object, path: string): void {
  const known = core.serialization.SerializationMap.getMap().classNameMap;
  for (const { className, name } of layersBelow(topology)) {
    if (Object.hasOwn(known, className)) continue;
    const what = className === 'Lambda' ? 'a Lambda layer' : `a custom layer (${className})`;
    throw new ConfigurationError(
      `The model "${path}" has ${what} called "${name}", whose code is not in the file, so TensorFlow.js cannot run it. Convert the model as a graph: tensorflowjs_converter --output_format=tfjs_graph_model.`,
    );
  }
}

interface LayerName {
  readonly className: string;
  readonly name: string;
}

/** Every layer of a topology as Keras writes it: lists called `layers`, and single ones called `layer` in wrappers. */
function* layersBelow(node: unknown, depth = 0): Generator<LayerName> {
  if (typeof node !== 'object' || node === null || depth > MAX_DEPTH) return;
  for (const [key, value] of Object.entries(node)) {
    const layers: unknown[] =
      key === 'layers' && Array.isArray(value) ? value : key === 'layer' ? [value] : [];
    for (const layer of layers) yield* layerName(layer);
    yield* layersBelow(value, depth + 1);
  }
}

function* layerName(layer: unknown): Generator<LayerName> {
  const { class_name: className, config, name } = Object(layer) as Record<string, unknown>;
  if (typeof className !== 'string') return;
  // Nested models carry their name beside the config, layers of old files only within it.
  const given = [name, (config as { name?: unknown } | undefined)?.name].find((it) => typeof it === 'string');
  yield { className, name: given ?? className };
}
