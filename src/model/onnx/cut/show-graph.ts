import { ConfigurationError } from '../../../foundation/errors.ts';
import type { OperatorGraph } from '../../operator-graph.ts';
import type { GraphIndex } from './graph-index.ts';
import { planCut } from '../../cut/plan-cut.ts';
import { cuttable, refusePlan, refuseScores } from '../../cut/refuse-cut.ts';
import { writeTraced } from './write-part.ts';

/** The main graph, for whoever looks for tensors in it. The format asks that its nodes stand in the order in which they run. */
export function operatorGraph(graph: GraphIndex): OperatorGraph {
  return {
    operators: graph.nodes.map(({ operator, reads, writes }) => ({
      type: operator.split('/')[1],
      reads,
      writes,
    })),
    cuttable: (output) => cuttable(graph, output),
    canCut: (scores, output) => canCut(graph, scores, output),
  };
}

function canCut(graph: GraphIndex, scores: readonly string[], output: string): boolean {
  try {
    refuseScores(graph, scores, output, '');
    refusePlan(planCut(graph, scores, output, []), scores, (score) => graph.writer.has(score), '');
    return true;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return false;
  }
}

/** The whole model, with these tensors as outputs beside its own. */
export function writeAllTraced(graph: GraphIndex, tensors: readonly string[]): Uint8Array {
  const tracedOutputs = [...new Set([...graph.outputs.keys(), ...tensors])];
  return writeTraced(graph, { traced: new Set(graph.nodes), tracedOutputs });
}
