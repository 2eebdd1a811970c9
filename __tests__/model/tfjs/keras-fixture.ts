import { readFileSync } from 'node:fs';

import type { Feed } from '../../../src/model/loaded-model.ts';
import { folder } from '../fusion-fixture.ts';

export interface Gate {
  readonly labels: number[];
  /** Clean-Q [N, 2]. */
  readonly scores: number[];
  readonly fused: number[];
  /** The fused outputs where each row has the audio of the next one. */
  readonly moved: number[];
  /** By shuffle and modality: the row whose score each row gets. */
  readonly orders: number[][][];
  readonly gap: number;
  readonly flipMean: number;
  readonly flipMax: number;
}

/** By NumPy in float64, and from model.json as Python reads it: fixtures/model/keras/make.py. */
export const keras = JSON.parse(readFileSync(`${folder}keras/expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
  readonly q_a: number[];
  readonly q_v: number[];
  readonly gates: Readonly<Record<string, Gate>>;
  /** By GraphModel: what can be a reliability, and what cannot. */
  readonly graphs: Readonly<Record<string, { readonly able: string[]; readonly refused: string[] }>>;
};
export const ROWS = keras.q_a.length;

const feed = (values: readonly number[]): Feed => ({
  shape: [ROWS, values.length / ROWS],
  values: Float32Array.from(values),
});

/** What each model takes; a GraphModel may call an input `audio:0`. */
export const feeds: Readonly<Record<string, Feed>> = {
  audio: feed(keras.audio),
  video: feed(keras.video),
  q_a: feed(keras.q_a),
  q_v: feed(keras.q_v),
};
