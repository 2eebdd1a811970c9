/** What a leakage check looks for. */
export const LEAKAGE_CHECKS = ['shared-ids', 'label', 'prediction', 'duplicates', 'test-scaled'] as const;
export type LeakageCheck = (typeof LEAKAGE_CHECKS)[number];

/** A sign that the evaluation set, or a score, knows what it must not know. It changes no verdict. */
export interface LeakageFinding {
  readonly check: LeakageCheck;
  /** Whose score it is about; null where it is about the evaluation set. */
  readonly modality: string | null;
  /** What voids an evaluation is an error before there is a report. */
  readonly severity: 'warning';
  /** The numbers of the sentence, by name. Never NaN. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly sentence: string;
}

/**
 * Probability that a check that is a test finds anything where there is nothing: over all scores, classes and directions it
 * tries (Bonferroni). Smaller than a gate's alpha, because a false alarm makes people look for a leak that is not there.
 */
export const FALSE_ALARMS = 0.01;
