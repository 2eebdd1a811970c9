import type { TensorInfo } from '../model/loaded-model.ts';
import type { Operator, OperatorGraph } from '../model/operator-graph.ts';

/** Which inputs of a model a tensor is computed from: a bit for each. 0 is a constant. */
export type InputSet = bigint;

/** A model's graph with what can be told of it without running it. */
export interface Anatomy {
  readonly operators: readonly Operator[];
  readonly writer: ReadonlyMap<string, Operator>;
  readonly readers: ReadonlyMap<string, readonly Operator[]>;
  /** The place of a tensor in the order in which the model computes. */
  readonly order: ReadonlyMap<string, number>;
  /** The fused output. */
  readonly output: string;
  /** Tensors inside at which the model can be cut. */
  readonly cuttable: ReadonlySet<string>;
  /** Whether it can be cut at all of these at once. */
  readonly canCut: (scores: readonly string[]) => boolean;
  readonly inputsOf: (tensor: string) => InputSet;
}

/** Operators that tell of the shape of what they read, and nothing of its values. */
const SHAPES = new Set(['Shape', 'Size', 'Rank']);

/** @param output the fused output */
export function anatomyOf(graph: OperatorGraph, inputs: readonly TensorInfo[], output: string): Anatomy {
  const { operators } = graph;
  const reached = reachOf(operators, inputs);
  const readers = new Map<string, Operator[]>();
  for (const operator of operators) {
    for (const name of new Set(operator.reads)) readers.set(name, [...(readers.get(name) ?? []), operator]);
  }
  const written = operators.flatMap(({ writes }) => writes);
  return {
    operators,
    writer: new Map(operators.flatMap((operator) => operator.writes.map((name) => [name, operator]))),
    readers,
    order: new Map(written.map((name, place) => [name, place])),
    output,
    cuttable: graph.cuttable(output),
    canCut: (scores) => graph.canCut(scores, output),
    inputsOf: (tensor) => reached.get(tensor) ?? 0n,
  };
}

/** The output that most inputs reach, the first of several: experts see less than the fusion does. */
export function likelyOutput(
  { operators }: OperatorGraph,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): string {
  const reached = reachOf(operators, inputs);
  const counts = outputs.map(({ name }) => bitCount(reached.get(name) ?? 0n));
  return outputs[counts.indexOf(Math.max(...counts))].name;
}

/** All tensors that these are computed from, and these. */
export function ancestorsOf({ writer }: Pick<Anatomy, 'writer'>, tensors: Iterable<string>): Set<string> {
  const seen = new Set(tensors);
  // A set that grows while it is walked through.
  for (const name of seen) writer.get(name)?.reads.forEach((it) => seen.add(it));
  return seen;
}

export function isWithin(part: InputSet, whole: InputSet): boolean {
  return (part & ~whole) === 0n;
}

function reachOf(operators: readonly Operator[], inputs: readonly TensorInfo[]): Map<string, InputSet> {
  const reached = new Map<string, InputSet>(inputs.map(({ name }, i) => [name, 1n << BigInt(i)]));
  for (const { type, reads, writes } of operators) {
    if (SHAPES.has(type)) continue;
    const all = reads.reduce((set, name) => set | (reached.get(name) ?? 0n), 0n);
    for (const name of writes) reached.set(name, all);
  }
  return reached;
}

function bitCount(set: InputSet): number {
  return set.toString(2).replaceAll('0', '').length;
}
