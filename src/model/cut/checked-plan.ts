import { ConfigurationError } from '../../foundation/errors.ts';
import type { CutWish } from '../loaded-model.ts';
import { type CutPlan, fedInputs, planCut } from './plan-cut.ts';
import type { PlanGraph, PlanNode } from './plan-graph.ts';
import { refusePlan, refuseScores } from './refuse-cut.ts';

/**
 * Plans a cut at the scores that a user wishes for.
 *
 * @param model as the user wrote it
 * @throws ConfigurationError when the model cannot be cut there, or nothing would be gained
 */
export function checkedPlan<Node extends PlanNode>(
  graph: PlanGraph<Node>,
  { scores, output, kept }: Omit<CutWish, 'plain'>,
  model: string,
): CutPlan<Node> {
  refuseScores(graph, scores, output, model);
  const plan = planCut(graph, scores, output, kept);
  const inputs = new Set(fedInputs(graph));
  refusePlan(plan, scores, (score) => !inputs.has(score), model);
  if (plan.suffix.size < plan.traced.size) return plan;
  // A suffix that is the model itself would only double its weights.
  throw new ConfigurationError(`Everything in the model "${model}" depends on the scores.`);
}
