import type { Counts } from './cells.ts';
import type { Diagnosis, MetricName, Scheme } from './diagnosis.ts';
import type { Draws } from './examined.ts';
import type { Folds, SliceColumn, Task } from './examples.ts';
import type { Outcomes } from './outcomes.ts';
import type { ArmName, ArmReason, ChangeName, ScoreCalibration } from './score-findings.ts';

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

/** What metrics are concluded from: of all examples, or of some as if there were no others. */
export interface MetricMeasurements {
  readonly facts: Pick<
    Facts,
    'count' | 'labels' | 'clean' | 'uniform' | 'gauges' | 'clusters' | 'weights' | 'folds'
  >;
  readonly draws: {
    readonly main: Pick<MainDraws, 'hits' | 'values' | 'units'> & {
      readonly right: Uint32Array | Float64Array;
    };
  };
}

/** What does not depend on the draws. */
export interface Facts {
  readonly modalities: readonly string[];
  readonly scheme: Scheme;
  /** Number of shuffles, K. */
  readonly count: number;
  /** Shuffles of each further analysis. */
  readonly secondaryCount: number;
  readonly task: Task;
  /** True classes [N]; where the output has none, C = 1 and all are 0. */
  readonly labels: Int32Array;
  /** 1 where Clean-Q is right, else 0 [N]. */
  readonly clean: Uint8Array;
  /** Right predictions per cell [F * C] with equal scores. */
  readonly uniform: Counts;
  /** The metrics that are no counts of right predictions, the gating one first if it is one. */
  readonly gauges: readonly GaugeFacts[];
  /** Null without expert outputs. */
  readonly experts: ExpertFacts | null;
  /** Modalities whose score is the same on every row. */
  readonly constantScores: readonly string[];
  /** Null where it cannot be run. */
  readonly correctness: ControlFacts | null;
  /** One for each modality that can be corrupted, in their order. */
  readonly corruption: readonly CorruptionFacts[];
  /** Cluster of each example [N], where they hang together. */
  readonly clusters?: Int32Array;
  /** Whole weights of the examples [N] (see `wholeWeights`), where they are not all the same. */
  readonly weights?: Float64Array;
  /** Where not every row may change places with every other. */
  readonly exchange?: Diagnosis['exchange'];
  /** What the frozen rule makes of scores that are not its own. */
  readonly arms: readonly ArmFacts[];
  /** By modality; null without expert outputs. */
  readonly calibration: Readonly<Record<string, ScoreCalibration>> | null;
  /** Null where all examples are one fold. */
  readonly folds: FoldFacts | null;
  /** By column, where slices are asked for. */
  readonly slices?: readonly SliceFacts[];
}

/** What is known of the slices that one column makes, S of them. */
export interface SliceFacts extends SliceColumn {
  /** Right predictions per slice, repeat and class with equal scores [S * R * C]. */
  readonly uniform: Counts;
  /**
   * The gating metric where it is no count [S], else none; null for a slice that is too small, or on which the metric is
   * not defined.
   */
  readonly gauges: readonly (SliceGauge | null)[];
}

/** The gating metric in one slice, as `GaugeFacts` has it in all. */
export interface SliceGauge {
  /** In each repeat [R]: in one where there are no folds. */
  readonly clean: Float64Array;
  readonly uniform: Float64Array;
  /** Place among those of the slice of the row of each unit [U], where not all rows are units, nor groups of them. */
  readonly rows?: Uint32Array;
  readonly units: Float64Array;
}

/** What is known of each fold [F]. */
export interface FoldFacts extends Folds {
  /** Null without expert outputs. */
  readonly experts: readonly FoldExpertFacts[] | null;
  /** Modalities whose score is the same on every row of the fold. */
  readonly constantScores: readonly (readonly string[])[];
}

/** Of a fold. */
export type FoldExpertFacts = Omit<ExpertFacts, 'experts' | 'expertMetric'>;

export interface ExpertFacts {
  readonly experts: Diagnosis['experts'];
  readonly expertMetric: Diagnosis['expertMetric'];
  /** Null where the gating metric is not counted by example. */
  readonly headroom: Omit<NonNullable<Diagnosis['headroom']>, 'realised'> | null;
  readonly competitiveness: Diagnosis['competitiveness'];
  readonly alignment: NonNullable<Diagnosis['alignment']>;
}

/** What a gauge gives besides its draws. */
export interface GaugeFacts {
  readonly name: MetricName;
  /** In each fold [F]. */
  readonly clean: Float64Array;
  /** With equal scores [F]. */
  readonly uniform: Float64Array;
  /** What its units are whole numbers of. */
  readonly grain: number;
  /** Row of each unit [U], where not all rows are units, nor groups of them. */
  readonly rows?: Uint32Array;
  /** Its units (see `GaugeUnits`) with Clean-Q [U], in grains. */
  readonly units: Float64Array;
}

/** What other scores give, by the gating metric. */
export interface ArmFacts {
  readonly name: ArmName | ChangeName;
  /** The one whose score is changed; null where all are. */
  readonly modality: string | null;
  readonly leftOut: ArmReason | null;
  /** Null where it is left out. */
  readonly found: {
    /** Rows on which it is right and Clean-Q is wrong, or the other way round, ascending. */
    readonly changed: Uint32Array;
    /** What the gauge of the gating metric gives in each fold [F]; empty where that is a count. */
    readonly values: Float64Array;
    /** Units of that gauge [U], in grains; none where it is a count. */
    readonly units: readonly Float64Array[];
  } | null;
}

/** Of the gating metric alone: its gauge, or none. */
export interface ControlFacts {
  /** The best predictions that any rule could give here; null where the gating metric knows none. */
  readonly best: Outcomes | null;
  /** With truthful scores. */
  readonly truthful: Outcomes;
  /** Mean AUROC of truthful scores that were shuffled. Default: 1/2, which it is where all rows change places. */
  readonly chance?: number;
}

export interface CorruptionFacts extends ControlFacts {
  readonly modality: string;
}

/** What the draws gave. All but the main ones are of the gating metric alone. */
export interface DrawnCounts {
  readonly main: MainDraws;
  /** The same with a single modality shuffled, M times; none where there is but one. */
  readonly perModality: readonly OneModalityDraws[];
  /** With whole rows of scores shuffled; null with a single modality, or where all shuffles are joint. */
  readonly joint: Outcomes | null;
  readonly correctness: ControlDraws | null;
  /** In the order of the facts. */
  readonly corruption: readonly ControlDraws[];
  readonly exact: ExactDraws;
}

/** What all pairs of an example and a row of scores gave; null where not all were taken. */
export interface ExactDraws {
  /** As the main draws, of all metrics. */
  readonly main: ExactSums | null;
  readonly joint: ExactSums | null;
  /** M of them; none where there is but one. */
  readonly perModality: readonly (ExactSums | null)[];
}

/** Sums over all scores that a row may get. */
export interface ExactSums {
  /** How many units each row may get its scores from, its own among them [N]. */
  readonly peers: Uint32Array;
  /** With how many of them each example was right [N]. */
  readonly right: Uint32Array;
  /** Units of each gauge [G][U], in grains; none of a gauge whose units are groups. */
  readonly units: readonly Float64Array[];
}

/** With what the interval of their gap is made from. */
export type OneModalityDraws = Pick<MainDraws, 'hits' | 'values' | 'right' | 'units'>;

export interface MainDraws extends Draws {
  /** Units of each gauge summed over the draws [G][U], in grains. */
  readonly units: readonly Float64Array[];
}

export interface ControlDraws {
  /** With truthful scores shuffled. */
  readonly broken: Outcomes;
  /** Null where no conclusion is drawn from it: for modalities whose corruption the rule noticed less. */
  readonly doses: DoseDraws | null;
}

/** Scores that are truthful in part: all mixtures of the first dose, then all of the next. */
export interface DoseDraws extends Outcomes {
  /** AUROC of each mixture against what it should tell [draws]. */
  readonly auroc: Float64Array;
}
