import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';

import { checkedPlan } from '../cut/checked-plan.ts';
import type { TensorInfo } from '../loaded-model.ts';
import { dtypeOf } from './graph-dtype.ts';
import { type NodeGraph, readNodes, type Signature, type WrittenGraph } from './graph-nodes.ts';
import { suffixArtifacts } from './graph-suffix.ts';
import type { TfModelFiles } from './model-json.ts';
import type { CutTfModel, TfCutWish, TfModel } from './tf-model.ts';
import { freeSizes } from './tf-model.ts';
import type { TfEngine } from './tfjs-engine.ts';

/** Operations for which the library wants its asynchronous interpreter: which others run then depends on the data. */
const DYNAMIC = new Set([
  ...['Switch', 'Merge', 'Enter', 'Exit', 'NextIteration', 'StatelessIf', 'StatelessWhile', 'if', 'While'],
  ...['If', 'NonMaxSuppressionV2', 'NonMaxSuppressionV3', 'NonMaxSuppressionV5', 'Where'],
  ...['HashTable', 'HashTableV2', 'LookupTableFind', 'LookupTableFindV2', 'LookupTableImportV2'],
]);

/** A graph of operations, as tensorflowjs_converter makes it of a SavedModel. */
export async function openGraphModel(
  engine: TfEngine,
  { topology, handler }: Pick<TfModelFiles, 'topology' | 'handler'>,
  path: string,
): Promise<TfModel> {
  const model = await engine.loadGraphModel(handler);
  const dynamic = isDynamic(topology);
  const opened: TfModel = {
    inputs: tensorInfos(model.inputNodes, model.inputs, signatureOf(model, 'inputs')),
    outputs: tensorInfos(model.outputNodes, model.outputs, signatureOf(model, 'outputs')),
    // A branch that is taken late must not change the backend half way, so such models keep to the complete one.
    backends: dynamic ? engine.backends.slice(-1) : engine.backends,
    forward: async (inputs, fetch) => {
      if (dynamic) return listOf(await model.executeAsync(inputs, [...fetch]));
      return engine.core.tidy(() => listOf(model.execute(inputs, [...fetch])));
    },
    dispose: () => {
      model.dispose();
    },
  };
  const show = (): NodeGraph => readNodes(topology, sources(model, 'inputs'), sources(model, 'outputs'));
  const trace = (tensors: readonly string[]): TfModel =>
    tracing(opened, show(), [...new Set([...opened.outputs.map(({ name }) => name), ...tensors])]);
  return {
    ...opened,
    show,
    trace,
    cut: (wish) => cutGraph(engine, { topology, handler }, model, opened, wish, path),
  };
}

/** The model itself gives what lies inside; what runs behind the scores is a smaller model. */
async function cutGraph(
  engine: TfEngine,
  { topology, handler }: Pick<TfModelFiles, 'topology' | 'handler'>,
  model: GraphModel,
  opened: TfModel,
  wish: TfCutWish,
  path: string,
): Promise<CutTfModel> {
  const graph = readNodes(topology, sources(model, 'inputs'), sources(model, 'outputs'));
  const plan = checkedPlan(graph, wish, path);
  const artifacts = suffixArtifacts(graph, plan, await handler.load!());
  const suffix = await openGraphModel(
    engine,
    { topology: artifacts.modelTopology, handler: { load: () => Promise.resolve(artifacts) } },
    path,
  );
  return { traced: tracing(opened, graph, plan.tracedOutputs), suffix, sources: plan.sources };
}

/** The model with these outputs, some of which lie inside. */
function tracing(opened: TfModel, graph: NodeGraph, names: readonly string[]): TfModel {
  const given = new Map(opened.outputs.map((info) => [info.name, info]));
  const outputs = names.map(
    (name) => given.get(name) ?? { name, dtype: dtypeOf(graph.writer.get(name)!.written) },
  );
  // With its output said, no source is taken for a name of the signature.
  const exact = (name: string): string => graph.sourceOf(name).replace(/^[^:]*$/, '$&:0');
  const forward: TfModel['forward'] = (inputs, fetch) => opened.forward(inputs, fetch.map(exact));
  return { ...opened, outputs, forward };
}

/** What inputs or outputs are called, and the nodes behind these names. */
function sources(model: GraphModel, side: 'inputs' | 'outputs'): Signature {
  const signature = signatureOf(model, side);
  const names = side === 'inputs' ? model.inputNodes : model.outputNodes;
  return new Map(names.map((name) => [name, signature.get(name)?.name ?? name]));
}

function listOf(result: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(result) ? result : [result];
}

interface SignatureEntry {
  readonly name?: string;
  readonly dtype?: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size: number | string }[] };
}

function signatureOf(model: GraphModel, side: 'inputs' | 'outputs'): ReadonlyMap<string, SignatureEntry> {
  const signature = model.modelSignature as Partial<
    Record<typeof side, Record<string, SignatureEntry>>
  > | null;
  return new Map(Object.entries(signature?.[side] ?? {}));
}

/** What a node says of itself; the library's own type claims a dtype that not every node has. */
interface StatedTensor {
  readonly shape?: readonly number[];
  readonly dtype?: string;
}

/** Placeholders know their shape; of other tensors only the signature, where the file has one, tells it. */
function tensorInfos(
  names: readonly string[],
  infos: readonly StatedTensor[],
  signature: ReadonlyMap<string, SignatureEntry>,
): TensorInfo[] {
  return infos.map((info, i) => {
    const sizes = signature.get(names[i])?.tensorShape?.dim?.map(({ size }) => Number(size));
    const shape = freeSizes(info.shape ?? sizes);
    return { name: names[i], dtype: info.dtype ?? 'float32', shape };
  });
}

function isDynamic({ node = [], library }: WrittenGraph): boolean {
  const inFunctions = library?.function?.flatMap(({ nodeDef = [] }) => nodeDef) ?? [];
  return [...node, ...inFunctions].some(({ op }) => DYNAMIC.has(op));
}
