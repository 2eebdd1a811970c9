import type { ControlResult, CorruptionResult, Diagnosis } from '../../src/diagnostic/diagnosis.ts';

const accuracies = (accuracy: number) => ({ accuracy, balancedAccuracy: accuracy });

export function control(changes: Partial<ControlResult> = {}): ControlResult {
  return {
    gap: 0.2,
    p: 0.005,
    passed: true,
    headroom: 0.3,
    doseResponse: [
      { dose: 0, auroc: 0.5, gap: 0, lower: 0, upper: 0 },
      { dose: 1, auroc: 1, gap: 0.2, lower: 0.199, upper: 0.201 },
    ],
    requiredAuroc: 0.74,
    requiredAurocInterval: { lower: 0.73, upper: 0.75 },
    ...changes,
  };
}

export function corruption(changes: Partial<CorruptionResult> = {}): CorruptionResult {
  return { modality: 'audio', ...control({ gap: 0.08, p: 0.01, headroom: 0.1 }), ...changes };
}

/** A control that failed where there was something to win. */
export const FAILED = control({ gap: 0.002, p: 0.4, passed: false, headroom: 0.3, requiredAuroc: null });

const POINT = { lower: 0, upper: 0 };

/** A clear decorative one, whose interval for equivalence is that of the gap; `gap` as [value, lower, upper]. */
export function diagnosis(
  changes: Partial<Omit<Diagnosis, 'gap' | 'p'>> & {
    readonly gap?: readonly [value: number, lower: number, upper: number];
    readonly p?: Partial<Diagnosis['p']>;
  } = {},
): Diagnosis {
  const [value, lower, upper] = changes.gap ?? [0.001, -0.004, 0.006];
  return {
    task: 'classification',
    metric: 'accuracy',
    threshold: 0.01,
    alpha: 0.05,
    clean: accuracies(0.8),
    uniform: accuracies(0.8),
    broken: {
      scheme: 'independent',
      count: 1000,
      seed: 0,
      mean: accuracies(0.8 - value),
      std: accuracies(0.01),
      values: [],
    },
    metrics: [],
    joint: { gap: value, p: 0.005 },
    flipRate: { mean: 0.1, max: 0.2 },
    movement: null,
    expertMetric: null,
    experts: { audio: accuracies(0.7), video: accuracies(0.6) },
    headroom: { oracle: 0.9, value: 0.1, chanceMatched: 0.05, realised: value / (value + 0.1) },
    competitiveness: { median: 0.2, massBelow: 0.1, disagreement: 0.3 },
    alignment: {
      audio: { pearson: 0.02, spearman: 0.03, auroc: 0.52 },
      video: { pearson: 0.05, spearman: 0.06, auroc: 0.56 },
    },
    perModality: { audio: { gap: 0.001, p: 0.4 }, video: { gap: -0.0005, p: 0.6 } },
    controls: { correctness: control(), corruption: corruption() },
    folds: null,
    acrossFolds: null,
    constantScores: [],
    invalid: null,
    equivalence: {
      lower,
      upper,
      confidence: 0.9,
      p: 0.01,
      unseen: 0.0015,
      shown: lower > -0.01 && upper < 0.01,
    },
    power: { standardError: 0.003, detectableGap: 0.0125, examples: 2000, examplesNeeded: 4711 },
    pIntervals: {
      confidence: 0.99,
      oneSided: POINT,
      twoSided: POINT,
      otherSide: POINT,
      joint: POINT,
      perModality: { audio: POINT, video: POINT },
      correctness: POINT,
      corruption: POINT,
    },
    ...changes,
    gap: { value, lower, upper, confidence: 0.95, method: 'bca' },
    p: { oneSided: 0.3, twoSided: 0.6, otherSide: 0.7, ...changes.p },
  };
}
