import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

import { type PlanGraph, type PlanNode, readersOf, writersOf } from '../cut/plan-graph.ts';
import type { TensorInfo } from '../loaded-model.ts';
import { freeSizes } from './tf-model.ts';

export type Layer = SymbolicTensor['sourceLayer'];

/** One call of a layer. */
export interface LayerCall extends PlanNode {
  readonly layer: Layer;
}

/** A LayersModel as a cut sees it: calls of layers, those of models inside the model as if they were its own. */
export interface CallGraph extends PlanGraph<LayerCall> {
  /** Of all tensors that layers give. */
  readonly infos: ReadonlyMap<string, TensorInfo>;
}

/**
 * Lists the calls of a model's layers, each after those that it reads from.
 *
 * A tensor goes by its layer: `gate`; `gate:1` is the second that a layer gives, `gate@1` what it gives when it is called a
 * second time, and `router/gate` lies in the model "router" inside the model.
 *
 * @param inputs and outputs, as the model calls them
 */
export function listCalls(
  model: LayersModel,
  inputs: readonly string[],
  outputs: readonly string[],
): CallGraph {
  const calls: LayerCall[] = [];
  const infos = new Map<string, TensorInfo>();
  const given = callsOf(model, '', inputs, { calls, infos });
  const names = new Map(given.map((name, i) => [name, inputs.includes(name) ? name : outputs[i]]));
  const renamed = (name: string): string => names.get(name) ?? name;
  const nodes = calls.map((call) => ({
    ...call,
    reads: call.reads.map(renamed),
    writes: call.writes.map(renamed),
  }));
  return {
    nodes,
    writer: writersOf(nodes),
    readers: readersOf(nodes),
    initializers: new Map(),
    constant: 'a weight',
    inputs: new Map(inputs.map((name) => [name, name])),
    functions: new Map(),
    infos: new Map([...infos].map(([name, info]) => [renamed(name), { ...info, name: renamed(name) }])),
  };
}

interface Found {
  readonly calls: LayerCall[];
  readonly infos: Map<string, TensorInfo>;
}

/** Adds the calls of one model, and says what its outputs are called. */
function callsOf(model: LayersModel, path: string, inputs: readonly string[], found: Found): string[] {
  const names = new Map<SymbolicTensor, string>(model.inputs.map((tensor, i) => [tensor, inputs[i]]));
  const numbers = callNumbers(model);
  const visit = (tensor: SymbolicTensor): string => {
    const known = names.get(tensor);
    if (known !== undefined) return known;
    const layer = tensor.sourceLayer;
    const { inputTensors, outputTensors } = layer.inboundNodes[tensor.nodeIndex];
    const reads = inputTensors.map(visit);
    const own = `${path}${layer.name}${numberOf(numbers.get(layer)!, tensor.nodeIndex)}`;
    const writes = isModel(layer)
      ? callsOf(layer, `${own}/`, reads, found)
      : outputTensors.map((_, i) => (outputTensors.length === 1 ? own : `${own}:${i}`));
    outputTensors.forEach((output, i) => names.set(output, writes[i]));
    if (!isModel(layer)) addCall(layer, reads, writes, outputTensors, found);
    return names.get(tensor)!;
  };
  return model.outputs.map(visit);
}

function addCall(
  layer: Layer,
  reads: readonly string[],
  writes: readonly string[],
  outputs: readonly SymbolicTensor[],
  { calls, infos }: Found,
): void {
  calls.push({ operator: `/${layer.getClassName()}/`, reads, writes, inside: [], hasBody: false, layer });
  outputs.forEach(({ dtype, shape }, i) => {
    infos.set(writes[i], { name: writes[i], dtype, shape: freeSizes(shape) });
  });
}

/** By layer, which of its calls belong to this model, in the order in which they were made. */
function callNumbers(model: LayersModel): Map<Layer, number[]> {
  const numbers = new Map<Layer, number[]>();
  const seen = new Set<SymbolicTensor>(model.outputs);
  const inputs = new Set<SymbolicTensor>(model.inputs);
  for (const tensor of seen) {
    if (inputs.has(tensor)) continue;
    const { sourceLayer: layer, nodeIndex } = tensor;
    const own = numbers.get(layer) ?? [];
    if (!own.includes(nodeIndex))
      numbers.set(
        layer,
        [...own, nodeIndex].sort((a, b) => a - b),
      );
    layer.inboundNodes[nodeIndex].inputTensors.forEach((input) => seen.add(input));
  }
  return numbers;
}

function numberOf(numbers: readonly number[], nodeIndex: number): string {
  return numbers.length === 1 ? '' : `@${numbers.indexOf(nodeIndex)}`;
}

/** A model inside the model, which is one of its layers. */
function isModel(layer: Layer): layer is LayersModel {
  return 'layers' in layer && 'inputs' in layer && 'outputs' in layer;
}
