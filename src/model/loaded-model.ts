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
  /**
   * Cuts the model in two, so that only what depends on the scores is run again for other scores. Undefined where the
   * engine cannot. The parts are closed with the model.
   *
   * @throws ConfigurationError when the model cannot be cut there
   */
  cut?(wish: CutWish): Promise<CutModel>;
  /** Gives back what the engine holds for it until it is run again, which opens it anew. Undefined where that saves nothing. */
  rest?(): Promise<void>;
  close(): Promise<void>;
}

/** Where a model is to be cut. */
export interface CutWish {
  /** Inputs of the model, or tensors that it computes inside. */
  readonly scores: readonly string[];
  /** The fused output: what the suffix computes. */
  readonly output: string;
  /** Further outputs of the model that the traced one shall give. */
  readonly kept: readonly string[];
  /** Without optimisations: an engine may merge nodes on both sides of a cut, and then rounds the whole model otherwise. */
  readonly plain: boolean;
}

/** A model in two parts. What the traced model fetches may be fed to the suffix as it is, whatever its dtype. */
export interface CutModel {
  /** The model as it is, or without optimisations where that was wished: what `traced` is compared with on a few rows. */
  readonly whole: LoadedModel;
  /**
   * The whole model that also gives what lies inside: its outputs are the fused output, the kept tensors, the scores that it
   * computes, and the frontier: what the suffix needs and is no input of the model.
   */
  readonly traced: LoadedModel;
  /** From scores, frontier and some inputs of the model to the fused output. */
  readonly suffix: LoadedModel;
  /** By output of `traced`: the inputs of the model that it is computed from. Undefined where the engine does not know. */
  readonly sources?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Largest difference, relative to the largest output, that running in two parts may leave; 0 is bit for bit. */
  readonly tolerance: number;
}
