import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { TensorInfo } from '../loaded-model.ts';
import type { TfModelFiles } from './model-json.ts';
import type { TfModel } from './tf-model.ts';
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
  { topology, handler }: TfModelFiles,
): Promise<TfModel> {
  const model = await engine.loadGraphModel(handler);
  const dynamic = isDynamic(topology);
  return {
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
}

function listOf(result: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(result) ? result : [result];
}

interface SignatureEntry {
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

interface GraphDef {
  readonly node?: readonly { readonly op?: string }[];
  readonly library?: {
    readonly function?: readonly { readonly nodeDef?: readonly { readonly op?: string }[] }[];
  };
}

function isDynamic(topology: object): boolean {
  const { node = [], library } = topology as GraphDef;
  const inFunctions = library?.function?.flatMap(({ nodeDef = [] }) => nodeDef) ?? [];
  return [...node, ...inFunctions].some(({ op }) => op !== undefined && DYNAMIC.has(op));
}
