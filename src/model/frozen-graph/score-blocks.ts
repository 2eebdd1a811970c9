import type { GateConfig } from '../../config/gate-config.ts';
import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import type { Reliability } from '../frozen-fusion.ts';
import type { Feed } from '../loaded-model.ts';
import { feedsOf } from './feeds.ts';
import type { GraphInput } from './graph-inputs.ts';
import type { InputShape } from './input-shape.ts';
import type { Pass } from './passes.ts';

export type FittedInput = GraphInput & { readonly fit: InputShape };

/** A place for scores in a graph: an input of the model, or a tensor inside at which it was cut. */
export interface ScoreSlot extends Pick<GraphInput, 'info' | 'modality' | 'batchAxis'> {
  readonly row: readonly number[];
}

/** Scores as feeds for the tensors that take them. */
export function scoreFeeds(
  gate: GateConfig,
  slots: readonly ScoreSlot[],
  scores: Reliability,
  passes: readonly Pass[],
): Map<string, Feed[]> {
  const feeds = new Map<string, Feed[]>();
  for (const { info, modality, row, batchAxis } of slots) {
    const values = modality === undefined ? joinScores(gate, scores) : scores[modality].values;
    const block = { values: asInput(values, info.dtype), row, batchAxis };
    feeds.set(info.name, feedsOf(block, passes));
  }
  return feeds;
}

/** Per modality [N, d] to [N, M, d], the modalities in the order of the tensor. */
function joinScores({ modalities, reliability }: GateConfig, scores: Reliability): Float64Array {
  const ordered = reliability!.order.map((name) => scores[modalities.findIndex((it) => it.name === name)]);
  const { width } = ordered[0];
  const rows = ordered[0].values.length / width;
  const joined = new Float64Array(rows * width * ordered.length);
  ordered.forEach(({ values }, m) => {
    for (let i = 0; i < rows; i++) {
      for (let d = 0; d < width; d++) joined[(i * ordered.length + m) * width + d] = values[i * width + d];
    }
  });
  return joined;
}

/** Most models take float32; the others' engines convert. */
function asInput(values: Float64Array, dtype: string): NumericArray {
  return dtype === 'float32' ? new Float32Array(values) : values;
}
