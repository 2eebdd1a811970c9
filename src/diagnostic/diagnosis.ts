import type { Interval, IntervalMethod } from './bootstrap-interval.ts';
import type { Task } from './examples.ts';
import type { MetricName } from './metrics/metric-table.ts';
import type { ArmResult, ConcludedCalibration, Remedies, ScoreEffect } from './score-findings.ts';

/** Both metrics of one set of predictions, each in [0, 1]. */
export interface Accuracies {
  readonly accuracy: number;
  /** Mean recall over the classes that occur among the labels. */
  readonly balancedAccuracy: number;
}

export type { MetricName } from './metrics/metric-table.ts';
export type Scheme = 'independent' | 'joint' | 'bank';

/** One point of a dose-response curve: a score that is truthful on a share `dose` of the rows. */
export interface DosePoint {
  readonly dose: number;
  /** AUROC of the mixed score against what it should tell. */
  readonly auroc: number;
  /** metric(mixed) - mean metric(shuffled truthful). */
  readonly gap: number;
  /** Where that would lie with unlimited mixtures and shuffles of these examples, at the confidence of the gap's interval. */
  readonly lower: number;
  readonly upper: number;
}

export interface ControlResult {
  readonly gap: number;
  /** One-sided. For `corruption`, times the number of modalities (Bonferroni), at most 1. */
  readonly p: number;
  readonly passed: boolean;
  /**
   * The largest gap that any rule could show here. Below the control's threshold, a failure proves nothing. Null where it is
   * not known: of the correctness control, by a metric that is not counted by example. Of values it is no more than what is
   * sure to be possible: a rule that mixes them may do better than the best of them.
   */
  readonly headroom: number | null;
  readonly doseResponse: readonly DosePoint[];
  /** AUROC at which the gap reaches the gate's threshold; null where it never does. */
  readonly requiredAuroc: number | null;
  /**
   * Between which AUROCs that lies, as the intervals of the doses have it. Its upper end is null where the gap may never
   * reach the threshold, and all of it where it surely does not.
   */
  readonly requiredAurocInterval: { readonly lower: number; readonly upper: number | null } | null;
}

export interface CorruptionResult extends ControlResult {
  /** The modality whose corruption the rule noticed most: the one these numbers are of. */
  readonly modality: string;
}

export interface Alignment {
  /**
   * Correlation of the score (turned round where it means reliable when low) with the expert being right, of values with its
   * absolute error, negative; null where either is constant, or the score is a vector.
   */
  readonly pearson: number | null;
  readonly spearman: number | null;
  /** As a predictor of the expert being right; of values, of its being the nearest to the truth. */
  readonly auroc: number | null;
}

/** What shuffling the scores does to one metric. Gaps are for the better, whatever the metric's direction. */
export interface MetricResult {
  readonly name: MetricName;
  readonly better: 'higher' | 'lower';
  readonly clean: number;
  readonly uniform: number;
  /** Mean and population standard deviation over shuffles. */
  readonly broken: { readonly mean: number; readonly std: number };
  readonly gap: {
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
    /** What the interval is by: percentiles where BCa is not defined. */
    readonly method: IntervalMethod;
  };
  /** One-sided. */
  readonly p: number;
}

/** What all shuffles together give, or why that is not known. */
export type ExactMean =
  | {
      /** Mean of the metric over all shuffles that there are. */
      readonly mean: number;
      /** By how much Clean-Q is better. */
      readonly gap: number;
      /** Of the mean over the shuffles that were drawn, and of their gap: standard deviation over the root of their number. */
      readonly samplingError: number;
    }
  | { readonly missing: string };

/** One fold, as if it were alone: all in the gating metric. */
export interface FoldResult {
  readonly name: string;
  readonly examples: number;
  readonly clean: number;
  readonly uniform: number;
  /** Mean and population standard deviation over shuffles. */
  readonly broken: { readonly mean: number; readonly std: number };
  readonly gap: number;
  /** One-sided. */
  readonly p: number;
  /** Null without expert outputs, or by a metric that is not counted by example. */
  readonly headroom: {
    readonly oracle: number;
    readonly value: number;
    readonly chanceMatched: number;
  } | null;
  readonly competitiveness: Diagnosis['competitiveness'];
  readonly alignment: Diagnosis['alignment'];
}

/** The gating metric on the examples that have one value in a column, from the shuffles of the whole gate. */
export interface SliceResult {
  readonly column: string;
  readonly value: string;
  readonly examples: number;
  /** Null where the slice is left out. */
  readonly found:
    | (Omit<MetricResult, 'name' | 'better'> & {
        /** p after Holm's correction for all slices of the gate that are not left out. */
        readonly adjustedP: number;
      })
    | null;
  /** Why it is left out; null where it is not. */
  readonly leftOut: 'too few examples' | 'a single cluster' | 'metric not defined' | null;
}

/** Over folds; the deviation is that of the population, as in the paper. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** What the paper's tables say of folds, in the gating metric; null where no fold has it. */
export interface FoldSummary {
  readonly uniform: Spread;
  readonly clean: Spread;
  readonly gap: Spread;
  /** Median of the one-sided p-values. */
  readonly p: number;
  readonly headroom: Spread | null;
  /** Median over folds of the median competitiveness. */
  readonly competitiveness: number | null;
  /** Mean over folds of the mean over modalities of the Pearson correlation of score and correctness. */
  readonly alignment: number | null;
}

/** Everything that is measured on one frozen model. Never NaN: what is not defined is null. */
export interface Diagnosis {
  /** What the model tells: classes, or a value. */
  readonly task: Task;
  /** The gating metric. */
  readonly metric: MetricName;
  readonly threshold: number;
  readonly alpha: number;
  /** Null where the output has no classes, as are all accuracies here. */
  readonly clean: Accuracies | null;
  readonly uniform: Accuracies | null;
  readonly broken: {
    readonly scheme: Scheme;
    readonly count: number;
    readonly seed: number;
    readonly mean: Accuracies | null;
    /** Population standard deviation over shuffles. */
    readonly std: Accuracies | null;
    /** The gating metric of each shuffle, in order. */
    readonly values: readonly number[];
  };
  readonly gap: {
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
    readonly confidence: number;
    /** What the interval is by: percentiles where BCa is not defined. */
    readonly method: IntervalMethod;
  };
  /** Is the gap too small to matter, either way? Two one-sided tests against the threshold, each at alpha. */
  readonly equivalence: {
    /** Interval of the gap of confidence 1 - 2 alpha: both tests succeed where it lies within the threshold. */
    readonly lower: number;
    readonly upper: number;
    readonly confidence: number;
    /** The larger one-sided p-value, from the normal distribution and the standard error. */
    readonly p: number;
    /**
     * The largest gap that a kind of example could make which is not among these, at level alpha; null by a metric without
     * bounds, where it could be any.
     */
    readonly unseen: number | null;
    /** The interval, and what may be unseen, lie within the threshold. */
    readonly shown: boolean;
  };
  readonly power: {
    /** Of the gap, over examples, by the jackknife. */
    readonly standardError: number;
    /** The size of the gap at which p, and that of joint shuffles, fall to alpha. */
    readonly criticalGap?: number;
    /** The smallest true gap that passes in 80 % of such evaluation sets. */
    readonly detectableGap: number;
    /** Examples that were evaluated. */
    readonly examples: number;
    /** Clusters of them (subjects, sessions) where they hang together: what the standard error is over. */
    readonly clusters?: number;
    /** On how many of those the gap hangs (see `examplesThatCount`); left out by a metric that is no mean of examples. */
    readonly hangsOn?: number;
    /** By balanced accuracy: how many there are of the rarest class. */
    readonly smallestClass?: number;
    /** With how many a gap of the size found is settled in 80 % of evaluation sets; null where over 100 times as many. */
    readonly examplesNeeded: number | null;
  };
  readonly p: { readonly oneSided: number; readonly twoSided: number; readonly otherSide: number };
  /** Where each p-value would lie with unlimited shuffles, by the names that they have here. */
  readonly pIntervals: {
    readonly confidence: number;
    readonly oneSided: Interval;
    readonly twoSided: Interval;
    readonly otherSide: Interval;
    readonly joint: Interval | null;
    readonly perModality: Readonly<Record<string, Interval>>;
    readonly correctness: Interval | null;
    readonly corruption: Interval | null;
  };
  /** The gating metric first, then those that are reported beside it. */
  readonly metrics: readonly MetricResult[];
  /**
   * The same with whole score vectors shuffled: does it matter that the scores belong to this example? Where it does not,
   * a gap comes from breaking a row's scores apart. Null with a single modality, or where all shuffles are joint.
   */
  readonly joint: { readonly gap: number; readonly p: number } | null;
  /**
   * Share of examples whose predicted class, or set of labels, changes under a shuffle. Of values: whose value moves at all, beyond what the
   * engine's arithmetic may leave.
   */
  readonly flipRate: { readonly mean: number; readonly max: number };
  /**
   * Mean absolute movement of the predicted values under a shuffle; of label sets, the share of their labels that change; null
   * where they are classes.
   */
  readonly movement: { readonly mean: number; readonly max: number } | null;
  /** Null without expert outputs, and where the output has no classes. */
  readonly experts: Readonly<Record<string, Accuracies>> | null;
  /**
   * The gating metric of each expert alone, where the output has no classes; null without expert outputs, and for one of
   * which the metric is not defined.
   */
  readonly expertMetric: Readonly<Record<string, number | null>> | null;
  /** Null without expert outputs, or by a metric that is not counted by example: no expert is the best on one for it. */
  readonly headroom: {
    /** Metric of the best expert per example: of values and of labels, the one nearest to the truth. */
    readonly oracle: number;
    /** By how much the oracle is better than Clean-Q. */
    readonly value: number;
    /**
     * The same for the expected oracle of experts whose correctness is shuffled within class; of values, whose errors are
     * shuffled over all examples.
     */
    readonly chanceMatched: number;
    /**
     * gap / (oracle - mean Broken-Q): what the scores realise of all that a perfect choice would add to shuffled ones. Null
     * where it would add nothing.
     */
    readonly realised: number | null;
  } | null;
  /** Null without posteriors or with a single modality. */
  readonly competitiveness: {
    readonly median: number;
    /** Share of examples with delta below 0.05. */
    readonly massBelow: number;
    /** Share of examples on which the experts do not all predict the same class. */
    readonly disagreement: number;
  } | null;
  readonly alignment: Readonly<Record<string, Alignment>> | null;
  readonly perModality: Readonly<Record<string, { readonly gap: number; readonly p: number }>>;
  /** Means over all shuffles, beside those over the ones that were drawn; nothing is decided by them. */
  readonly exact?: {
    /** In the order of `metrics`. */
    readonly metrics: readonly ({ readonly name: MetricName } & ExactMean)[];
    /** Of the gating metric, as `joint` is. */
    readonly joint: ExactMean | null;
    /** Of the gating metric. */
    readonly perModality: Readonly<Record<string, ExactMean>>;
  };
  readonly controls: {
    readonly correctness: ControlResult | null;
    readonly corruption: CorruptionResult | null;
  };
  /** Each fold; null where all examples are one. All other numbers are means over folds of what is found within each. */
  readonly folds: readonly FoldResult[] | null;
  /** How folds differ, and in how many repeats examples come again; null where all examples are one fold. */
  readonly acrossFolds: (FoldSummary & { readonly repeats: number }) | null;
  /** By column and value. Left out where no slices are asked for. */
  readonly slices?: readonly SliceResult[];
  /** The frozen rule with scores that are not its own. Left out by older versions, as are the next three. */
  readonly arms?: readonly ArmResult[];
  /** What shuffling each modality's scores alone does, with how sure that is. */
  readonly scoreEffects?: Readonly<Record<string, ScoreEffect>>;
  /** What could be done about each score, and what it would give on these examples. */
  readonly remedies?: Remedies;
  /** How far each score can be believed about its own expert, by modality; null without expert outputs. */
  readonly calibration?: Readonly<Record<string, ConcludedCalibration>> | null;
  /** Modalities whose score is the same on every row: a shuffle of it does nothing. */
  readonly constantScores: readonly string[];
  /** What changes places in a shuffle, and with whom. Left out where every row may with every other. */
  readonly exchange?: {
    /** What shuffles stay within, in words. */
    readonly within: readonly string[];
    /** Rows, or blocks of rows as wholes. */
    readonly moved: 'rows' | 'blocks';
    /** How many rows or blocks there are, and groups that they stay in: of blocks, one for each size. */
    readonly units: number;
    readonly groups: number;
    /** Those that are alone in their group, so that nothing moves them. */
    readonly alone: number;
    /** Groups of several in which all scores are the same, so that shuffles change nothing. */
    readonly unchanged: number;
  };
  /** Why the diagnosis cannot be trusted at all; null when it can. */
  readonly invalid: string | null;
}

/** What became of the gap from one model, or set of examples, to another. */
export interface GapChange extends Interval {
  /** Gap now less the gap before. */
  readonly value: number;
  /** 1 - 2 alpha, so that either end is a bound at level alpha. */
  readonly confidence: number;
  /** Of the change, over examples, by the jackknife. */
  readonly standardError: number;
  /** One-sided, of the hypothesis that the gap has not fallen by more than the threshold. */
  readonly p: number;
  /** Both were judged on the same examples, and these are drawn together. */
  readonly paired: boolean;
  /** The upper end of the interval lies below -threshold: shown, not merely seen. */
  readonly regressed: boolean;
}

/** What is known of a gap that was measured elsewhere. */
export interface RecordedGap extends Interval {
  readonly value: number;
  /** Of the interval. */
  readonly confidence: number;
}

export const VERDICTS = [
  'quality-aware',
  'decorative',
  'misleading',
  'inert-rule',
  'inconclusive',
  'invalid',
] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** How a gate ended, in the words of a check. */
export type Conclusion = 'success' | 'failure' | 'inconclusive' | 'error';

export interface Verdict {
  readonly verdict: VerdictName;
  readonly conclusion: Conclusion;
  /** One plain sentence: what was found. */
  readonly reason: string;
  /** One plain sentence: what to do. */
  readonly advice: string;
}
