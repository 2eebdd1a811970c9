import type { PlanGraph, PlanNode } from './plan-graph.ts';

/** A model in two: what runs once on each evidence, and what runs for each shuffle. */
export interface CutPlan<Node extends PlanNode = PlanNode> {
  /** The whole model, as far as it is needed. */
  readonly traced: ReadonlySet<Node>;
  /** Tensors that it is asked for: the fused output, what else is kept, the scores that it computes, and the frontier. */
  readonly tracedOutputs: readonly string[];
  /** By such a tensor: the inputs of the model that it is computed from. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** Everything between the scores and the fused output. */
  readonly suffix: ReadonlySet<Node>;
  /** Tensors that the suffix is fed and that are no inputs of the model: scores and frontier. */
  readonly fed: readonly string[];
  /** The scores from which a path leads to the fused output that touches no other score. */
  readonly effective: readonly string[];
  readonly output: string;
}

/** Operators whose result differs from run to run though their inputs are constants. */
const RANDOM = new Set(
  [
    // ONNX
    ...['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike', 'Bernoulli', 'Dropout'],
    // TensorFlow
    ...['RandomStandardNormal', 'RandomUniformInt', 'TruncatedNormal'],
    // Both
    'Multinomial',
  ].map((type) => `/${type}/`),
);

/** Operators that tell of the shape of what they read, and nothing of its values. */
export const SHAPES: ReadonlySet<string> = new Set(['/Shape/', '/ShapeN/', '/Size/', '/Rank/']);

/** Operators that lay numbers out in another way, and compute nothing. */
const LAYOUTS = new Set(
  [
    // ONNX
    ...['Concat', 'Unsqueeze', 'Flatten'],
    // TensorFlow
    ...['ConcatV2', 'Pack', 'ExpandDims'],
    // Both
    ...['Squeeze', 'Reshape', 'Transpose', 'Identity'],
  ].map((type) => `/${type}/`),
);

/**
 * Plans a cut at the scores: every score is a source of the suffix, whether it is an input of the model or computed inside.
 *
 * @param kept further outputs of the model that are wanted of it
 */
export function planCut<Node extends PlanNode>(
  graph: PlanGraph<Node>,
  scores: readonly string[],
  output: string,
  kept: readonly string[],
): CutPlan<Node> {
  const cut = new Set(scores);
  const varies = varyingTensors(graph);
  const depends = downstream(graph, scores);
  // What is a constant in the whole model stays one in the suffix, so that engines optimise both alike.
  const isFrontier = (name: string): boolean =>
    varies.has(name) &&
    !depends.has(name) &&
    graph.bound?.has(name) !== true &&
    !joinsModalities(graph, name);
  const suffix = upstream(graph, [output], (name) => cut.has(name) || isFrontier(name));
  const fed = suffix.sources.filter((name) => !graph.inputs.has(name) && !graph.initializers.has(name));
  const computed = [...scores, ...fed].filter((name) => graph.writer.has(name));
  const tracedOutputs = [...new Set([output, ...kept, ...computed])];
  const traced = upstream(graph, tracedOutputs, () => false);
  const effective = scores.filter((name) => suffix.tensors.has(name));
  return {
    traced: traced.nodes,
    tracedOutputs,
    sources: new Map(tracedOutputs.map((name) => [name, valueSources(graph, name)])),
    suffix: suffix.nodes,
    fed,
    effective,
    output,
  };
}

/**
 * All tensors that are computed from one of these, and these.
 *
 * @param leadsOn whether what a node reads has a part in what it writes
 */
export function downstream<Node extends PlanNode>(
  graph: PlanGraph<Node>,
  sources: Iterable<string>,
  leadsOn: (node: Node) => boolean = () => true,
): Set<string> {
  const reached = new Set(sources);
  // A set that grows while it is walked through: every tensor is visited once.
  for (const name of reached) {
    for (const node of graph.readers.get(name) ?? []) {
      if (leadsOn(node)) node.writes.forEach((it) => reached.add(it));
    }
  }
  return reached;
}

/**
 * Does a tensor only lay side by side what comes of several inputs? Left to the suffix, which gets the parts, it need not be
 * computed anew where one input is exchanged.
 */
function joinsModalities(graph: PlanGraph, name: string): boolean {
  const writer = graph.writer.get(name);
  return writer !== undefined && LAYOUTS.has(writer.operator) && valueSources(graph, name).size > 1;
}

/** The inputs on whose values a tensor depends. */
function valueSources(graph: PlanGraph, name: string): Set<string> {
  const isShape = (it: string): boolean => SHAPES.has(graph.writer.get(it)?.operator ?? '');
  const inputs = new Set(fedInputs(graph));
  return new Set(upstream(graph, [name], isShape).sources.filter((it) => inputs.has(it)));
}

/** The inputs that somebody has to feed. */
export function fedInputs({ inputs, initializers }: PlanGraph): string[] {
  return [...inputs.keys()].filter((name) => !initializers.has(name));
}

/** All tensors that are not the same in every run: computed from inputs, by chance, or by a node with a body. */
function varyingTensors(graph: PlanGraph): Set<string> {
  const restless = graph.nodes.filter(
    ({ operator, hasBody }) => hasBody || RANDOM.has(operator) || graph.functions.has(operator),
  );
  return downstream(graph, [...fedInputs(graph), ...restless.flatMap(({ writes }) => writes)]);
}

/** The nodes that compute these tensors, all tensors on the way, and those at which it begins or `isSource` says stop. */
export function upstream<Node extends PlanNode>(
  graph: PlanGraph<Node>,
  targets: readonly string[],
  isSource: (name: string) => boolean,
): {
  readonly nodes: ReadonlySet<Node>;
  readonly tensors: ReadonlySet<string>;
  readonly sources: readonly string[];
} {
  const seen = new Set(targets);
  const nodes = new Set<Node>();
  const sources: string[] = [];
  for (const name of seen) {
    const writer = isSource(name) ? undefined : graph.writer.get(name);
    if (writer === undefined) {
      sources.push(name);
      continue;
    }
    nodes.add(writer);
    writer.reads.forEach((it) => seen.add(it));
  }
  return { nodes, tensors: seen, sources };
}
