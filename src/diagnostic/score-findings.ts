import type { Interval, IntervalMethod } from './bootstrap-interval.ts';

export const OBSTACLES = ['none', 'rule', 'score', 'data', 'unclear'] as const;

/** What stands between these scores and a pass. */
export interface Obstacle {
  readonly what: (typeof OBSTACLES)[number];
  /** One plain sentence. */
  readonly why: string;
}

/** What the frozen rule is fed in place of all scores. */
export const ARMS = ['constant', 'zero', 'swapped', 'oracle'] as const;
/** What may be done about the score of one modality. */
export const CHANGES = ['drop', 'clip', 'floor'] as const;

export type ArmName = (typeof ARMS)[number];
export type ChangeName = (typeof CHANGES)[number];

/** Why there is nothing to say of some scores. */
export const ARM_REASONS = [
  'a single modality',
  'the same as uniform',
  'vectors of different widths',
  'modalities that are absent on some rows',
  'no experts',
  'no truth that scores could tell',
  'no score would change',
  'the model gives no numbers',
  'metric not defined',
] as const;
export type ArmReason = (typeof ARM_REASONS)[number];

/** What the frozen rule gives with scores that are not its own, by the gating metric. */
export interface ArmResult {
  readonly name: ArmName;
  /** Null where it is left out. */
  readonly found: {
    readonly value: number;
    /** By how much Clean-Q is better, with its paired interval over examples. */
    readonly gap: Interval & { readonly value: number; readonly method: IntervalMethod };
  } | null;
  readonly leftOut: ArmReason | null;
}

export const EFFECTS = ['helps', 'hurts', 'unclear'] as const;

/** What shuffling one modality's scores alone does. */
export interface ScoreEffect {
  readonly gap: Interval & { readonly value: number; readonly method: IntervalMethod };
  /** Two-sided. */
  readonly p: number;
  /** The same after Holm's correction for all modalities: what the finding goes by. */
  readonly adjustedP: number;
  readonly finding: (typeof EFFECTS)[number];
}

/** What may be done about a score, or about all of them, and what it gives on these examples. */
export interface Remedy {
  /** Null where all scores are changed alike. */
  readonly modality: string | null;
  readonly change: ChangeName;
  /** Null where it is left out. */
  readonly found: {
    readonly value: number;
    /** By how much it is better than Clean-Q, with its paired interval, which allows for the number of changes tried. */
    readonly gain: Interval & { readonly value: number };
    /** The whole interval lies above 0. */
    readonly isBetter: boolean;
  } | null;
  readonly leftOut: ArmReason | null;
}

export interface Remedies {
  /** Of each interval: all of them together hold with the confidence of the gap's. */
  readonly confidence: number;
  /** The largest gain first, those left out last. */
  readonly tried: readonly Remedy[];
}

/** Why a score has no calibration. */
export const CALIBRATION_REASONS = [
  'a vector',
  'values are never right or wrong',
  'sets of labels are right in part',
] as const;

/** How far one modality's score can be believed about its own expert. */
export interface ScoreCalibration {
  /** Null where it is left out. */
  readonly found: CalibrationFacts | null;
  readonly leftOut: (typeof CALIBRATION_REASONS)[number] | null;
}

export interface CalibrationFacts {
  /** Which end of the score means that the expert can be trusted. */
  readonly reliableWhen: 'high' | 'low';
  /** All scores lie in [0, 1], so that they may be read as probabilities; else they only rank. */
  readonly isProbability: boolean;
  /** By the height of the score, of nearly as many examples each; equal scores share a bin. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error over these bins; null of a ranking. */
  readonly error: number | null;
  readonly riskCoverage: {
    /** Some of the curve's points, from the examples that are trusted most to all of them [n]. */
    readonly coverage: readonly number[];
    readonly risk: readonly number[];
    /** Area under the whole curve. */
    readonly aurc: number;
    /** The area that the best score would have, and the one that a score which says nothing has. */
    readonly optimalAurc: number;
    readonly chanceAurc: number;
  };
}

export interface CalibrationBin {
  /** Lowest and highest score in the bin. */
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Examples of the bin on which the expert is right. */
  readonly right: number;
  readonly meanScore: number;
}

/** A bin with how sure its share is. */
export type ConcludedBin = Omit<CalibrationBin, 'right'> & {
  readonly shareRight: number;
  /** Clopper and Pearson's; null where examples hang together, so that they are fewer than they seem. */
  readonly interval: Interval | null;
};

export interface ConcludedCalibration extends Pick<ScoreCalibration, 'leftOut'> {
  /** Null where it is left out. */
  readonly found: (Omit<CalibrationFacts, 'bins'> & { readonly bins: readonly ConcludedBin[] }) | null;
}
