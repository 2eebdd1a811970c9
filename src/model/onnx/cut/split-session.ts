import type { InferenceSession } from 'onnxruntime-web';

import { ConfigurationError } from '../../../foundation/errors.ts';
import type { CutWish } from '../../loaded-model.ts';
import { fedTensor } from './cut-session.ts';
import { type GraphIndex, indexGraph } from './graph-index.ts';
import { type CutPlan, downstream, fedInputs, planCut, upstream } from '../../cut/plan-cut.ts';
import { refusePlan, refuseScores } from '../../cut/refuse-cut.ts';
import { writePrefix, writeSuffix, writeTraced } from './write-part.ts';

interface Part {
  readonly bytes: Uint8Array;
  readonly session: InferenceSession;
}

export interface SplitSessions {
  readonly prefix: Part;
  readonly suffix: Part;
  /** Something that is handed over is float16. */
  readonly isHalf: boolean;
}

/**
 * Splits an ONNX model at its scores into two models.
 *
 * @param path as the user wrote it
 * @throws ConfigurationError when it cannot be split there
 */
export async function splitSessions(
  bytes: Uint8Array,
  path: string,
  { scores, output }: Omit<CutWish, 'plain' | 'kept'>,
  open: (part: Uint8Array) => Promise<InferenceSession>,
): Promise<SplitSessions> {
  const graph = indexGraph(bytes);
  refuseScores(graph, scores, output, path);
  const plan = planCut(graph, scores, output, []);
  const inputs = new Set(fedInputs(graph));
  refusePlan(plan, scores, (score) => !inputs.has(score), path);
  const given = prefixOutputs(graph, plan, scores);
  if (given.length === 0) {
    throw new ConfigurationError(
      `Everything in the model "${path}" depends on the scores, so that there is no first part to split off.`,
    );
  }
  const nodes = upstream(graph, given, () => false).nodes;
  // What its outputs are only a runtime can tell.
  const untyped = await open(writeTraced(graph, { traced: nodes, tracedOutputs: given }));
  const typed = given.map((name) => fedTensor(untyped, name, path));
  await untyped.release();
  const fed = typed.filter(({ name }) => plan.fed.includes(name));
  const prefix = writePrefix(graph, nodes, typed);
  const suffix = writeSuffix(graph, plan, fed);
  return {
    prefix: { bytes: prefix, session: await open(prefix) },
    suffix: { bytes: suffix, session: await open(suffix) },
    isHalf: fed.some(({ type }) => type === 'float16'),
  };
}

/** What the suffix is fed, and the other outputs of the model that depend on no score. */
function prefixOutputs(graph: GraphIndex, { fed, output }: CutPlan, scores: readonly string[]): string[] {
  const depends = downstream(graph, scores);
  const others = [...graph.outputs.keys()].filter((name) => name !== output && !depends.has(name));
  const computed = [...scores, ...fed, ...others].filter((name) => graph.writer.has(name));
  return [...new Set(computed)];
}
