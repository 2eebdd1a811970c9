import type { GateConfig } from '../../config/gate-config.ts';
import type { NumericArray } from '../../evaluation-set/evaluation-set.ts';
import type { Reliability } from '../frozen-fusion.ts';
import type { Feed } from '../loaded-model.ts';
import { feedsOf } from './feeds.ts';
import type { GraphInput } from './graph-inputs.ts';
import type { InputShape } from './input-shape.ts';
import type { Pass } from './passes.ts';

export type FittedInput = GraphInput & { readonly fit: InputShape };

/** Scores as feeds for the inputs that take them. */
export function scoreFeeds(
  gate: GateConfig,
  inputs: readonly FittedInput[],
  scores: Reliability,
  passes: readonly Pass[],
): Map<string, Feed[]> {
  const feeds = new Map<string, Feed[]>();
  for (const { info, fills, modality, fit, batchAxis } of inputs) {
    if (fills === 'evidence') continue;
    const values = fills === 'scores' ? scores[modality!].values : joinScores(gate, scores);
    const block = { values: asInput(values, info.dtype), row: fit.row, batchAxis };
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
  return dtype === 'float32' ? Float32Array.from(values) : values;
}
