import { type PlanGraph, type PlanNode, readersOf, writersOf } from '../cut/plan-graph.ts';
import { boundTensors } from './control-flow.ts';

/** A node of a GraphModel as model.json writes it. */
export interface WrittenNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1` for its second output, `^node` for one that only has to run before. */
  readonly input?: readonly string[];
  readonly attr?: Readonly<
    Record<string, { readonly type?: string | number; readonly func?: unknown } | undefined>
  >;
}

export interface WrittenGraph {
  readonly node?: readonly WrittenNode[];
  readonly library?: { readonly function?: readonly { readonly nodeDef?: readonly WrittenNode[] }[] };
}

export interface GraphNode extends PlanNode {
  readonly written: WrittenNode;
}

/** A GraphModel as a cut sees it: tensors by the names of their nodes, inputs and outputs by those of the signature. */
export interface NodeGraph extends PlanGraph<GraphNode> {
  readonly initializers: ReadonlyMap<string, string>;
  readonly inputs: Signature;
  /** From a name to what the graph itself calls that tensor: `fused` is its `Identity`. */
  readonly sourceOf: (name: string) => string;
  /** And back, from whatever a node reads. */
  readonly nameOf: (source: string) => string;
}

/** What the signature calls tensors of the graph: `fused` for `Identity:0`. */
export type Signature = ReadonlyMap<string, string>;

/** Reads the graph of a GraphModel. */
export function readNodes(
  { node: written = [] }: WrittenGraph,
  inputs: Signature,
  outputs: Signature,
): NodeGraph {
  const { nameOf, sourceOf } = naming(new Map([...inputs, ...outputs]));
  const further = furtherOutputs([...written.flatMap(sourcesOf), ...outputs.values()]);
  const fed = new Set([...inputs.values()].map(canonical));
  const nodes = written
    .filter(({ name, op }) => op !== 'Const' && !fed.has(name))
    .map((node): GraphNode => {
      const writes = [node.name, ...(further.get(node.name) ?? [])].map(nameOf);
      const reads = [...new Set(sourcesOf(node).map(nameOf))];
      return { operator: `/${node.op}/`, reads, writes, inside: [], hasBody: false, written: node };
    });
  const weights = written.filter(({ op }) => op === 'Const');
  return {
    nodes,
    writer: writersOf(nodes),
    readers: readersOf(nodes),
    initializers: new Map(weights.map(({ name }) => [nameOf(name), name])),
    constant: 'a weight',
    inputs,
    functions: new Map(),
    bound: boundTensors(nodes),
    nameOf,
    sourceOf,
  };
}

/** What a node reads. Control inputs, which carry no numbers, are left out. */
export function sourcesOf({ input = [] }: WrittenNode): string[] {
  return input.filter((source) => !source.startsWith('^'));
}

/** A node does not say how many outputs it has: those beyond its first, as far as somebody reads them. */
function furtherOutputs(sources: readonly string[]): Map<string, Set<string>> {
  const further = new Map<string, Set<string>>();
  for (const source of sources.map(canonical)) {
    if (!source.includes(':')) continue;
    const [name] = source.split(':');
    further.set(name, (further.get(name) ?? new Set()).add(source));
  }
  return further;
}

/** The first output of a node goes by the name of the node. */
function canonical(source: string): string {
  return source.endsWith(':0') ? source.slice(0, -2) : source;
}

function naming(signature: Signature): Pick<NodeGraph, 'nameOf' | 'sourceOf'> {
  const names = new Map([...signature].map(([name, source]) => [canonical(source), name]));
  return {
    sourceOf: (name) => canonical(signature.get(name) ?? name),
    nameOf: (source) => {
      const own = canonical(source);
      // Where the signature gives the name of one node to another, the first can still be told by its output.
      return names.get(own) ?? (signature.has(own) ? `${own}:0` : own);
    },
  };
}
