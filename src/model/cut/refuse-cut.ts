import { ConfigurationError, didYouMean, enumerate } from '../../foundation/errors.ts';
import { type CutPlan, downstream, fedInputs, SHAPES, upstream } from './plan-cut.ts';
import type { PlanGraph, PlanNode } from './plan-graph.ts';

/** So many tensors are named that would do instead. */
const SUGGESTED = 3;

/**
 * Refuses tensors at which a model cannot be cut.
 *
 * @param model as the user wrote it
 * @throws ConfigurationError saying why a score is none, and which tensors near it would do
 */
export function refuseScores(
  graph: PlanGraph,
  scores: readonly string[],
  output: string,
  model: string,
): void {
  const able = cuttable(graph, output);
  const inputs = fedInputs(graph);
  for (const score of scores) {
    if (inputs.includes(score) || able.has(score)) continue;
    const problem = problemOf(graph, score, output);
    if (problem === undefined) {
      const tensors = [...able];
      throw new ConfigurationError(
        `The model "${model}" has no tensor "${score}", which is named as reliability.${didYouMean(score, [...inputs, ...tensors])} Its inputs: ${enumerate(inputs)}. What it computes of them: ${enumerate(tensors)}.`,
      );
    }
    const found = nearestTo(graph, able, problem.near);
    const advice = found.length === 0 ? '' : ` The nearest tensors that work: ${enumerate(found)}.`;
    throw new ConfigurationError(
      `The model "${model}" cannot be cut at the reliability "${score}": ${problem.what}.${advice}`,
    );
  }
}

/**
 * Refuses a plan in which scores stand in each other's way.
 *
 * @throws ConfigurationError when one reaches the fused output through others only, or is computed together with something
 * that depends on another
 */
export function refusePlan(
  { effective, suffix, output }: CutPlan,
  scores: readonly string[],
  isComputed: (score: string) => boolean,
  model: string,
): void {
  const hidden = scores.find((score) => isComputed(score) && !effective.includes(score));
  if (hidden !== undefined) {
    throw new ConfigurationError(
      `The model "${model}" cannot be cut at the reliability "${hidden}": it reaches the fused output "${output}" only through ${enumerate(effective)}. Name tensors that lie beside each other.`,
    );
  }
  const written = new Set([...suffix].flatMap(({ writes }) => writes));
  const entangled = scores.find((score) => written.has(score));
  if (entangled !== undefined) {
    throw new ConfigurationError(
      `The model "${model}" cannot be cut at the reliability "${entangled}": the node that computes it from another score computes more that is needed. Name tensors that lie beside each other.`,
    );
  }
  if (effective.length === 0) {
    throw new ConfigurationError(`The fused output "${output}" of the model "${model}" depends on no score.`);
  }
}

interface Problem {
  readonly what: string;
  /** Tensors of the main graph from which to look for better ones. */
  readonly near: readonly string[];
}

/** Undefined where the model has no such tensor at all. */
function problemOf(graph: PlanGraph, score: string, output: string): Problem | undefined {
  const near = [score];
  if (score === output) return { what: 'it is the fused output itself', near };
  if (graph.initializers.has(score)) {
    return { what: `it is ${graph.constant}, the same for every example`, near };
  }
  const bound = graph.bound?.get(score);
  if (bound !== undefined) return { what: bound, near };
  if (graph.writer.has(score)) {
    return upstream(graph, [output], () => false).tensors.has(score)
      ? { what: 'its values do not depend on the inputs, so they are the same for every example', near }
      : { what: `the fused output "${output}" does not depend on it`, near };
  }
  const around = graph.nodes.find((node) => insideOf(graph, node).includes(score));
  if (around === undefined) return undefined;
  const [, type] = around.operator.split('/');
  const where = around.inside.includes(score) ? 'a branch or body of' : 'the function';
  return { what: `it lies inside ${where} ${type}`, near: [...around.writes, ...around.reads] };
}

function insideOf({ functions }: PlanGraph, { inside, operator }: PlanNode): readonly string[] {
  return [...inside, ...(functions.get(operator) ?? [])];
}

/** Computed tensors with values of their own for each example, on which the output depends. */
function cuttable(graph: PlanGraph, output: string): Set<string> {
  const valued = downstream(graph, fedInputs(graph), ({ operator }) => !SHAPES.has(operator));
  const needed = upstream(graph, [output], () => false).tensors;
  const isAble = (name: string): boolean =>
    needed.has(name) && name !== output && graph.writer.has(name) && graph.bound?.has(name) !== true;
  return new Set([...valued].filter(isAble));
}

/** Neighbours in the graph, in either direction, the nearest first. */
function nearestTo(graph: PlanGraph, able: ReadonlySet<string>, near: readonly string[]): string[] {
  const seen = new Set(near);
  const found: string[] = [];
  for (const name of seen) {
    if (able.has(name)) found.push(name);
    if (found.length === SUGGESTED) break;
    graph.writer.get(name)?.reads.forEach((it) => seen.add(it));
    for (const { writes } of graph.readers.get(name) ?? []) writes.forEach((it) => seen.add(it));
  }
  return found;
}
