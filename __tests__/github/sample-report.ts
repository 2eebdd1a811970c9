import type { GateReport, RunReport } from '../../src/report/gate-report.ts';

const accuracies = (accuracy: number) => ({ accuracy, balancedAccuracy: accuracy - 0.1 });

/** A gate that passed, with numbers that are easy to tell apart. */
export const SAMPLE_GATE: GateReport = {
  name: 'stress',
  verdict: 'quality-aware',
  conclusion: 'success',
  reason: 'Shuffling the scores costs accuracy.',
  advice: 'Nothing to do.',
  task: 'classification',
  metric: 'accuracy',
  threshold: 0.01,
  alpha: 0.05,
  model: { path: 'weighted-mean', sha256: '', engine: 'cached experts' },
  evaluationSet: { path: 'eval.csv', sha256: 'ab'.repeat(32), rows: 240, evaluated: 240 },
  modalities: ['audio', 'video'],
  classes: null,
  clean: accuracies(0.9),
  uniform: accuracies(0.55),
  broken: {
    scheme: 'independent',
    count: 3,
    seed: 3,
    mean: accuracies(0.5),
    std: { accuracy: 0.02, balancedAccuracy: 0.02 },
    values: [0.48, 0.5, 0.52],
  },
  gap: { value: 0.4, lower: 0.3, upper: 0.45, confidence: 0.95, method: 'bca' },
  equivalence: { lower: 0.32, upper: 0.44, confidence: 0.9, p: 1, unseen: 0.0124, shown: false },
  power: { standardError: 0.03, detectableGap: 0.06, examples: 240, examplesNeeded: 12 },
  pIntervals: {
    confidence: 0.99,
    oneSided: { lower: 0, upper: 0.83 },
    twoSided: { lower: 0, upper: 1 },
    otherSide: { lower: 0.17, upper: 1 },
    joint: null,
    perModality: {},
    correctness: null,
    corruption: null,
  },
  p: { oneSided: 0.25, twoSided: 0.5, otherSide: 1 },
  metrics: [
    {
      name: 'accuracy',
      better: 'higher',
      clean: 0.9,
      uniform: 0.55,
      broken: { mean: 0.5, std: 0.02 },
      gap: { value: 0.4, lower: 0.3, upper: 0.45, method: 'bca' },
      p: 0.25,
    },
  ],
  joint: { gap: 0.38, p: 0.01 },
  flipRate: { mean: 0.3, max: 0.4 },
  movement: null,
  expertMetric: null,
  experts: { audio: accuracies(0.5), video: accuracies(0.5) },
  headroom: { oracle: 1, value: 0.1, chanceMatched: 0.05, realised: 0.8 },
  competitiveness: { median: 0.2, massBelow: 0.1, disagreement: 0.5 },
  alignment: {
    audio: { pearson: 0.9, spearman: 0.9, auroc: 0.95 },
    video: { pearson: 0.8, spearman: 0.8, auroc: 0.9 },
  },
  perModality: { audio: { gap: 0.2, p: 0.25 }, video: { gap: 0.1, p: 0.25 } },
  controls: {
    correctness: {
      gap: 0.35,
      p: 0.01,
      passed: true,
      headroom: 0.4,
      doseResponse: [
        { dose: 0, auroc: 0.5, gap: 0, lower: 0, upper: 0 },
        { dose: 1, auroc: 1, gap: 0.35, lower: 0.35, upper: 0.35 },
      ],
      requiredAuroc: 0.55,
      requiredAurocInterval: { lower: 0.55, upper: 0.55 },
    },
    corruption: {
      modality: 'audio',
      gap: 0.15,
      p: 0.02,
      passed: true,
      headroom: 0.4,
      doseResponse: [
        { dose: 0, auroc: 0.5, gap: 0, lower: 0, upper: 0 },
        { dose: 1, auroc: 1, gap: 0.15, lower: 0.15, upper: 0.15 },
      ],
      requiredAuroc: 0.6,
      requiredAurocInterval: { lower: 0.6, upper: 0.6 },
    },
  },
  folds: null,
  acrossFolds: null,
  constantScores: [],
  warnings: [],
  leakage: [],
  seconds: 0.2,
};

export function reportOf(...gates: [GateReport, ...GateReport[]]): RunReport {
  const conclusion = gates.some((gate) => gate.conclusion === 'failure') ? 'failure' : gates[0].conclusion;
  return { version: 1, tool: { name: 'fusion-gate', version: '0.1.0' }, conclusion, gates };
}
