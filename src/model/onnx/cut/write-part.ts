import { bytesField, fieldParts, numberField } from '../protobuf.ts';
import { GRAPH, type GraphIndex, type GraphNode, MODEL } from './graph-index.ts';
import type { CutPlan } from '../../cut/plan-cut.ts';

/** What a runtime says of a tensor that a part is fed. */
export interface FedTensor {
  readonly name: string;
  readonly type: string;
  /** Free sizes by their names, with which engines reason; null where they have none. */
  readonly shape: readonly (number | string | null)[];
}

/** `TensorProto.DataType` of the types that can be handed from one session to the next. */
export const ELEMENT_TYPES: ReadonlyMap<string, number> = new Map([
  ['float32', 1],
  ['uint8', 2],
  ['int8', 3],
  ['uint16', 4],
  ['int16', 5],
  ['int32', 6],
  ['int64', 7],
  ['string', 8],
  ['bool', 9],
  ['float16', 10],
  ['float64', 11],
  ['uint32', 12],
  ['uint64', 13],
]);

/** The whole model, with more outputs. Those that it did not declare are named and no more: the runtime infers the rest. */
export function writeTraced(
  graph: GraphIndex,
  { traced, tracedOutputs }: Pick<CutPlan<GraphNode>, 'traced' | 'tracedOutputs'>,
): Uint8Array {
  return writePart(graph, traced, [], new Map(tracedOutputs.map((name) => [name, declared(graph, name)])));
}

/** The nodes before the scores as an ONNX model of their own, which says what each of its outputs is. */
export function writePrefix(
  graph: GraphIndex,
  prefix: ReadonlySet<GraphNode>,
  outputs: readonly FedTensor[],
): Uint8Array {
  const gives = outputs.map((tensor): [string, Uint8Array] => [
    tensor.name,
    graph.outputs.get(tensor.name) ?? declare(GRAPH.output, tensor),
  ]);
  return writePart(graph, prefix, [], new Map(gives));
}

/** The whole model, with these tensors as outputs beside its own. */
export function writeAllTraced(graph: GraphIndex, tensors: readonly string[]): Uint8Array {
  const tracedOutputs = [...new Set([...graph.outputs.keys(), ...tensors])];
  return writeTraced(graph, { traced: new Set(graph.nodes), tracedOutputs });
}

/** The suffix as an ONNX model, with an input for every tensor that it is fed. */
export function writeSuffix(
  graph: GraphIndex,
  { suffix, output }: CutPlan<GraphNode>,
  fed: readonly FedTensor[],
): Uint8Array {
  return writePart(graph, suffix, fed, new Map([[output, declared(graph, output)]]));
}

/** A model of some of the nodes: every field that concerns them, byte for byte, in the order in which it stood. */
function writePart(
  graph: GraphIndex,
  part: ReadonlySet<GraphNode>,
  fed: readonly FedTensor[],
  outputs: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const nodes = graph.nodes.filter((node) => part.has(node));
  // What is given may be an input as it is.
  const read = new Set([...nodes.flatMap(({ reads }) => reads), ...outputs.keys()]);
  const inner = new Set(nodes.flatMap(({ writes }) => writes).filter((name) => !outputs.has(name)));
  const among = (fields: ReadonlyMap<string, Uint8Array>, names: ReadonlySet<string>): Uint8Array[] =>
    [...fields].filter(([name]) => names.has(name)).map(([, raw]) => raw);
  return Buffer.concat([
    ...graph.modelRest,
    ...fieldParts(MODEL.graph, [
      ...nodes.map(({ raw }) => raw),
      ...graph.graphRest,
      ...among(graph.initializers, read),
      ...among(graph.inputs, read),
      ...fed.map((tensor) => declare(GRAPH.input, tensor)),
      ...outputs.values(),
      ...among(graph.valueInfo, inner),
    ]),
  ]);
}

/** An output as the model declares it, or by its name alone. */
function declared(graph: GraphIndex, name: string): Uint8Array {
  return graph.outputs.get(name) ?? bytesField(GRAPH.output, bytesField(1, name));
}

/** `ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 } } } }` */
function declare(field: number, { name, type, shape }: FedTensor): Uint8Array {
  const sizes = shape.map((size) => {
    if (size === null) return bytesField(1);
    return bytesField(1, typeof size === 'number' ? numberField(1, size) : bytesField(2, size));
  });
  // Runtimes give [] for a shape that they do not know, too: a scalar needs no declaration to be one.
  const shapeField = shape.length === 0 ? [] : [bytesField(2, ...sizes)];
  const tensor = bytesField(1, numberField(1, ELEMENT_TYPES.get(type)!), ...shapeField);
  return bytesField(field, bytesField(1, name), bytesField(2, tensor));
}
