import { type PlanGraph, type PlanNode, readersOf, writersOf } from '../../cut/plan-graph.ts';
import { textField, textOf, type WireField, wireFields } from '../protobuf.ts';

/** Field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const MODEL = { graph: 7, training: 20, functions: 25 } as const;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13, sparse: 15 } as const;
const NODE = { input: 1, output: 2, type: 4, attribute: 5, domain: 7, overload: 8 } as const;
const ATTRIBUTE = { graph: 6, graphs: 11 } as const;
const FUNCTION = { name: 1, input: 4, output: 5, node: 7, domain: 10, overload: 13 } as const;
const SPARSE_VALUES = 1;
const TENSOR_NAME = 8;
const VALUE_NAME = 1;

/** One node of the main graph. */
export interface GraphNode extends PlanNode {
  readonly raw: Uint8Array;
}

/** Where everything in an ONNX model lies: names, and the bytes behind them. Nothing is copied. */
export interface GraphIndex extends PlanGraph<GraphNode> {
  /** By name, dense and sparse. */
  readonly initializers: ReadonlyMap<string, Uint8Array>;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  readonly valueInfo: ReadonlyMap<string, Uint8Array>;
  /** Fields of the graph and of the model that belong to no tensor, e.g. names, opsets and metadata. */
  readonly graphRest: readonly Uint8Array[];
  readonly modelRest: readonly Uint8Array[];
}

/** Reads the index of a model. */
export function indexGraph(model: Uint8Array): GraphIndex {
  const fields = [...wireFields(model)];
  const graph = [...wireFields(fields.findLast(({ number }) => number === MODEL.graph)!.bytes)];
  const nodes = graph.filter(({ number }) => number === GRAPH.node).map(readNode);
  const named = (number: number, nameOf: (bytes: Uint8Array) => string): Map<string, Uint8Array> =>
    new Map(graph.filter((it) => it.number === number).map(({ bytes, raw }) => [nameOf(bytes), raw]));
  const value = (bytes: Uint8Array): string => textField(bytes, VALUE_NAME);
  const known: readonly number[] = Object.values(GRAPH);
  return {
    nodes,
    writer: writersOf(nodes),
    readers: readersOf(nodes),
    initializers: new Map([...named(GRAPH.initializer, tensorName), ...named(GRAPH.sparse, sparseName)]),
    constant: 'an initializer',
    inputs: named(GRAPH.input, value),
    outputs: named(GRAPH.output, value),
    valueInfo: named(GRAPH.valueInfo, value),
    functions: new Map(fields.filter(({ number }) => number === MODEL.functions).map(readFunction)),
    graphRest: graph.filter(({ number }) => !known.includes(number)).map(({ raw }) => raw),
    // Training information speaks of a graph that is no longer whole.
    modelRest: fields
      .filter(({ number }) => number !== MODEL.graph && number !== MODEL.training)
      .map(({ raw }) => raw),
  };
}

function tensorName(bytes: Uint8Array): string {
  return textField(bytes, TENSOR_NAME);
}

/** A sparse tensor has the name of its values. */
function sparseName(bytes: Uint8Array): string {
  for (const field of wireFields(bytes)) if (field.number === SPARSE_VALUES) return tensorName(field.bytes);
  return '';
}

function readNode({ bytes, raw }: WireField): GraphNode {
  const reads: string[] = [];
  const writes: string[] = [];
  const bodies: Body[] = [];
  const operator = { domain: '', type: '', overload: '' };
  for (const field of wireFields(bytes)) {
    if (field.number === NODE.input) reads.push(textOf(field.bytes));
    if (field.number === NODE.output) writes.push(textOf(field.bytes));
    if (field.number === NODE.type) operator.type = textOf(field.bytes);
    if (field.number === NODE.domain) operator.domain = textOf(field.bytes);
    if (field.number === NODE.overload) operator.overload = textOf(field.bytes);
    if (field.number === NODE.attribute) bodies.push(...bodiesOf(field.bytes));
  }
  return {
    operator: operatorName(operator),
    // An optional input or output that is left out has an empty name.
    reads: unique([...reads, ...bodies.flatMap((body) => body.captures)]).filter((name) => name !== ''),
    writes: writes.filter((name) => name !== ''),
    inside: unique(bodies.flatMap((body) => body.defines)),
    hasBody: bodies.length > 0,
    raw,
  };
}

function operatorName({
  domain,
  type,
  overload,
}: {
  domain: string;
  type: string;
  overload: string;
}): string {
  return `${domain === 'ai.onnx' ? '' : domain}/${type}/${overload}`;
}

/** A graph inside a node: what it makes, and what it takes from around it. */
interface Body {
  readonly defines: readonly string[];
  readonly captures: readonly string[];
}

function bodiesOf(attribute: Uint8Array): Body[] {
  return [...wireFields(attribute)]
    .filter(({ number }) => number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs)
    .map(({ bytes }) => readBody(bytes));
}

function readBody(graph: Uint8Array): Body {
  const own = new Set<string>();
  const used: string[] = [];
  const deeper: string[] = [];
  for (const field of wireFields(graph)) {
    if (field.number === GRAPH.input) own.add(textField(field.bytes, VALUE_NAME));
    if (field.number === GRAPH.initializer) own.add(tensorName(field.bytes));
    if (field.number === GRAPH.sparse) own.add(sparseName(field.bytes));
    // A branch may hand on a tensor of the graph around it.
    if (field.number === GRAPH.output) used.push(textField(field.bytes, VALUE_NAME));
    if (field.number !== GRAPH.node) continue;
    const node = readNode(field);
    node.writes.forEach((name) => own.add(name));
    used.push(...node.reads);
    deeper.push(...node.inside);
  }
  return { defines: [...own, ...deeper], captures: used.filter((name) => !own.has(name)) };
}

function readFunction({ bytes }: WireField): [operator: string, inside: string[]] {
  const operator = { domain: '', type: '', overload: '' };
  const inside: string[] = [];
  for (const field of wireFields(bytes)) {
    if (field.number === FUNCTION.name) operator.type = textOf(field.bytes);
    if (field.number === FUNCTION.domain) operator.domain = textOf(field.bytes);
    if (field.number === FUNCTION.overload) operator.overload = textOf(field.bytes);
    if (field.number === FUNCTION.input || field.number === FUNCTION.output) inside.push(textOf(field.bytes));
    if (field.number !== FUNCTION.node) continue;
    const node = readNode(field);
    inside.push(...node.writes, ...node.inside);
  }
  return [operatorName(operator), unique(inside)];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
