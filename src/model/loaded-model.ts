import type { NumericArray } from '../evaluation-set/evaluation-set.ts';
import type { Floats } from './decision.ts';

/** What a model says of one of its inputs or outputs. */
export interface TensorInfo {
  readonly name: string;
  /** As the field calls it: `float32`, `float64`, `float16`, `int32`, `int64`, `bool`, ... */
  readonly dtype: string;
  /** null where the size is free; undefined where the model does not say. */
  readonly shape?: readonly (number | null)[];
}

/** A tensor to feed, row-major. The engine casts the values to the input's dtype. */
export interface Feed {
  readonly shape: readonly number[];
  readonly values: NumericArray;
}

export interface Fetched {
  readonly shape: readonly number[];
  readonly values: Floats;
}

/**
 * One model loaded by one engine: named tensors in, named tensors out. The joint between an engine's folder, which
 * knows nothing of reliability, and `freeze-model.ts`, which knows no engine.
 */
export interface LoadedModel {
  /** Name, version and backend: `onnxruntime-web 1.30.0 (wasm, 2 threads)`. */
  readonly engine: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** One forward pass. All feeds have the same number of rows on their batch axis. */
  run(feeds: Readonly<Record<string, Feed>>, fetch: readonly string[]): Promise<Record<string, Fetched>>;
  close(): Promise<void>;
}
