import type { FusionRecipe } from './cached-experts/recipe.ts';
import type { Decision, Floats } from './decision.ts';

/** The scores of one modality: `values` [N * width], row-major. Float64 holds every float32 exactly. */
export interface ModalityScores {
  readonly width: number;
  readonly values: Float64Array;
}

/** The scores of all modalities, in the order of `FrozenFusion.modalities`. */
export type Reliability = readonly ModalityScores[];

/** What one expert says of the evaluated rows. */
export interface ExpertOutput {
  /** Predicted classes [N]; all 0 where the output has none. */
  readonly classes: Int32Array;
  /** Posteriors [N * C], of labels [N * L]; undefined where the expert's output is a bare score. */
  readonly posteriors?: Float64Array;
  /** Predicted values [N], where the output is one. */
  readonly values?: Float64Array;
  /** Predicted labels [N * L], where an example may have several. */
  readonly sets?: Uint8Array;
}

/** One expert per modality, in the order of `FrozenFusion.modalities`. */
export type ExpertOutputs = readonly ExpertOutput[];

/** A model with its evidence frozen: only reliability can still change. */
export interface FrozenFusion {
  /** Number of evaluated examples N. */
  readonly rows: number;
  /** Number of classes C; 1 of an output without classes, which every example has and every prediction is. */
  readonly classes: number;
  readonly modalities: readonly string[];
  /** What the fused outputs predict, and how. */
  readonly decision: Decision;
  /** Clean-Q. */
  readonly reliability: Reliability;
  /** Unimodal outputs, where the model or the data has them. */
  readonly experts?: ExpertOutputs;
  /** What ran, e.g. `onnxruntime-web 1.30.0 (wasm, 2 threads)`. */
  readonly engine: string;
  /** The unfrozen model's own outputs [N * width] on the data as given: what `replay(reliability)` must reproduce. */
  readonly original: Floats;
  /** Largest |difference| between `original` and `replay(reliability)` that this engine's arithmetic may leave; 0 is bit for bit. */
  readonly tolerance: number;
  /** What the user should know of how it was frozen, as sentences. */
  readonly warnings?: readonly string[];
  /** Fused outputs [N * width] for these scores, everything else as frozen. */
  replay(scores: Reliability): Promise<Floats>;
  /**
   * Predicted classes [N] for these scores: `decide(replay(scores))`, or a faster way to the same. The next call may
   * overwrite them: copy what is to be kept. Of use for outputs of classes alone.
   */
  predict(scores: Reliability): Promise<Int32Array>;
  /** Cached experts only: what another thread needs to make the same `predict`. */
  readonly recipe?: FusionRecipe;
  /**
   * Where one call for several sets of scores costs less than a call for each, as with few rows: at most how many, and the
   * same as `replay` or `predict` for each of them. The arrays of `scores` may be reused after the call.
   */
  readonly stacked?: {
    readonly size: number;
    replay(scores: readonly Reliability[]): Promise<readonly Floats[]>;
    predict(scores: readonly Reliability[]): Promise<readonly Int32Array[]>;
  };
  /**
   * The same fusion with modality m's evidence (its inputs and its expert) taken from row `source[i]` instead of i, for
   * the corruption control. Undefined where the modality has no evidence of its own to replace.
   */
  withEvidence(modality: number, source: Uint32Array): Promise<FrozenFusion | undefined>;
  close(): Promise<void>;
}
