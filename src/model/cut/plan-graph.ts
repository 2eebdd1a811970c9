/** One operation of a model's graph, as far as a cut needs to know it. */
export interface PlanNode {
  /** Operator with its domain, as functions are called: `ai.onnx.ml/Scaler/`, `/Softmax/`. */
  readonly operator: string;
  /** Every tensor of the graph that it reads, those that its branches and loop bodies take from outside included. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Tensors that its branches and loop bodies make for themselves. */
  readonly inside: readonly string[];
  readonly hasBody: boolean;
}

/** The graph of a model, of whatever engine: which tensor is computed from which. */
export interface PlanGraph<Node extends PlanNode = PlanNode> {
  readonly nodes: readonly Node[];
  /** The node that writes a tensor, and those that read it. */
  readonly writer: ReadonlyMap<string, Node>;
  readonly readers: ReadonlyMap<string, readonly Node[]>;
  /** Stored numbers, by name, and how the format calls one: `an initializer`. */
  readonly initializers: ReadonlyMap<string, unknown>;
  readonly constant: string;
  /** By name. Initializers may stand among them too. */
  readonly inputs: ReadonlyMap<string, unknown>;
  /** Tensors inside a function of the model, by the operator that calls it. */
  readonly functions: ReadonlyMap<string, readonly string[]>;
  /** Tensors that cannot be handed from one part to the other, and why: `it lies inside a branch or a loop`. */
  readonly bound?: ReadonlyMap<string, string>;
}

/** The nodes that read each tensor. */
export function readersOf<Node extends PlanNode>(nodes: readonly Node[]): Map<string, Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const name of node.reads) {
      const others = readers.get(name);
      if (others === undefined) readers.set(name, [node]);
      else others.push(node);
    }
  }
  return readers;
}

/** The node that writes each tensor. */
export function writersOf<Node extends PlanNode>(nodes: readonly Node[]): Map<string, Node> {
  return new Map(nodes.flatMap((node) => node.writes.map((name) => [name, node])));
}
