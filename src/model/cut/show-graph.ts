import { ConfigurationError } from '../../foundation/errors.ts';
import type { Operator, OperatorGraph } from '../operator-graph.ts';
import { planCut } from './plan-cut.ts';
import type { PlanGraph, PlanNode } from './plan-graph.ts';
import { cuttable, refusePlan, refuseScores } from './refuse-cut.ts';

/**
 * A graph for whoever looks for tensors in it.
 *
 * @param nameOf what an engine's operator is called in ONNX
 */
export function operatorGraph(
  graph: PlanGraph,
  nameOf: (type: string) => string = (type) => type,
): OperatorGraph {
  return {
    operators: inOrder(graph).map(({ operator, reads, writes }): Operator => ({
      type: nameOf(operator.split('/')[1]),
      reads,
      writes,
    })),
    cuttable: (output) => cuttable(graph, output),
    canCut: (scores, output) => canCut(graph, scores, output),
  };
}

/** Each node after those whose results it reads. Only some formats ask for this order. */
function inOrder({ nodes, writer }: PlanGraph): PlanNode[] {
  const done = new Set<PlanNode>();
  for (const node of nodes) {
    const waiting = [node];
    const begun = new Set<PlanNode>();
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      // In a loop a node waits for itself: it was begun, and goes on without.
      const before: PlanNode[] = begun.has(next)
        ? []
        : next.reads
            .flatMap((name) => writer.get(name) ?? [])
            .filter((it) => !done.has(it) && !begun.has(it));
      begun.add(next);
      if (before.length > 0) {
        waiting.push(...before);
        continue;
      }
      waiting.pop();
      done.add(next);
    }
  }
  return [...done];
}

function canCut(graph: PlanGraph, scores: readonly string[], output: string): boolean {
  try {
    refuseScores(graph, scores, output, '');
    refusePlan(planCut(graph, scores, output, []), scores, (score) => graph.writer.has(score), '');
    return true;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return false;
  }
}
