import type { InferenceSession } from 'onnxruntime-web';

import { ConfigurationError } from '../../../foundation/errors.ts';
import { checkedPlan } from '../../cut/checked-plan.ts';
import type { CutPlan } from '../../cut/plan-cut.ts';
import type { CutWish } from '../../loaded-model.ts';
import { isFixed } from '../onnx-model.ts';
import { indexGraph } from './graph-index.ts';
import { ELEMENT_TYPES, type FedTensor, writeTraced, writeSuffix } from './write-part.ts';

export interface CutSessions {
  readonly traced: InferenceSession;
  readonly suffix: InferenceSession;
  /** By output of the traced model: the inputs that it is computed from. */
  readonly sources: CutPlan['sources'];
  /** Something that is handed over is float16. */
  readonly isHalf: boolean;
}

/**
 * Cuts an ONNX model in two at the scores.
 *
 * @param bytes the model
 * @param path as the user wrote it
 * @param open makes a session; what it opens it also closes in the end
 * @throws ConfigurationError when it cannot be cut there
 */
export async function cutSessions(
  bytes: Uint8Array,
  path: string,
  wish: Omit<CutWish, 'plain'>,
  open: (part: Uint8Array) => Promise<InferenceSession>,
): Promise<CutSessions> {
  const graph = indexGraph(bytes);
  const plan = checkedPlan(graph, wish, path);
  const traced = await open(writeTraced(graph, plan));
  const fed = plan.fed.map((name) => fedTensor(traced, name, path));
  const isHalf = fed.some(({ type }) => type === 'float16');
  return { traced, suffix: await open(writeSuffix(graph, plan, fed)), sources: plan.sources, isHalf };
}

/** How a tensor that the traced model gives is declared as an input of the suffix: as the runtime itself understands it. */
function fedTensor({ outputMetadata }: InferenceSession, name: string, path: string): FedTensor {
  const meta = outputMetadata.find((it) => it.name === name)!;
  if (meta.isTensor && ELEMENT_TYPES.has(meta.type)) {
    const shape = meta.shape.map((size) => (typeof size === 'string' || isFixed(size) ? size : null));
    return { name, type: meta.type, shape };
  }
  throw new ConfigurationError(
    `The model "${path}" cannot be cut at its scores: what runs after them needs "${name}", which is ${meta.isTensor ? meta.type : 'a sequence or a map'} and cannot be handed over. Name a tensor further on.`,
  );
}
