import type { Diagnosis, Scheme } from './diagnosis.ts';
import type { Draws } from './examined.ts';

/**
 * All that is measured on one frozen model: plain data, from which `conclude` makes the diagnosis without the model.
 *
 * N examples, C classes, M modalities. Draws may be some of all draws: `joinMeasurements` puts them together.
 */
export interface Measurements {
  readonly facts: Facts;
  readonly draws: DrawnCounts;
  /** Why the measurements cannot be trusted at all; null when they can. */
  readonly invalid: string | null;
}

/** What does not depend on the draws. */
export interface Facts {
  readonly modalities: readonly string[];
  readonly scheme: Scheme;
  /** Number of shuffles, K. */
  readonly count: number;
  /** Shuffles of each further analysis. */
  readonly secondaryCount: number;
  /** True classes [N]. */
  readonly labels: Int32Array;
  /** 1 where Clean-Q is right, else 0 [N]. */
  readonly clean: Uint8Array;
  /** Right predictions per class [C] with equal scores. */
  readonly uniform: Uint32Array;
  /** Null without expert outputs. */
  readonly experts: ExpertFacts | null;
  /** Modalities whose score is the same on every row. */
  readonly constantScores: readonly string[];
  /** Null where it cannot be run. */
  readonly correctness: ControlFacts | null;
  /** One for each modality that can be corrupted, in their order. */
  readonly corruption: readonly CorruptionFacts[];
}

export interface ExpertFacts {
  readonly experts: NonNullable<Diagnosis['experts']>;
  readonly headroom: Omit<NonNullable<Diagnosis['headroom']>, 'realised'>;
  readonly competitiveness: Diagnosis['competitiveness'];
  readonly alignment: NonNullable<Diagnosis['alignment']>;
}

/** Right predictions per class, each [C]. */
export interface ControlFacts {
  /** Of the best predictions that any rule could give here. */
  readonly best: Uint32Array;
  /** With truthful scores. */
  readonly truthful: Uint32Array;
}

export interface CorruptionFacts extends ControlFacts {
  readonly modality: string;
}

/** What the draws gave. Each [draws * C] holds right predictions per class, one draw after the other. */
export interface DrawnCounts {
  readonly main: Draws;
  /** The same with a single modality shuffled [draws * C], M times; none where there is but one. */
  readonly perModality: readonly Uint32Array[];
  /** With whole rows of scores shuffled [draws * C]; null with a single modality, or where all shuffles are joint. */
  readonly joint: Uint32Array | null;
  readonly correctness: ControlDraws | null;
  /** In the order of the facts. */
  readonly corruption: readonly ControlDraws[];
}

export interface ControlDraws {
  /** With truthful scores shuffled [draws * C]. */
  readonly broken: Uint32Array;
  /** Null where no conclusion is drawn from it: for modalities whose corruption the rule noticed less. */
  readonly doses: DoseDraws | null;
}

/** Scores that are truthful in part: all mixtures of the first dose, then all of the next. */
export interface DoseDraws {
  /** AUROC of each mixture against what it should tell [draws]. */
  readonly auroc: Float64Array;
  /** [draws * C] */
  readonly hits: Uint32Array;
}
