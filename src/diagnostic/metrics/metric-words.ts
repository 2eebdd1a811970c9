import type { ClassificationMetricName } from './metric-table.ts';

/** How a sentence calls each metric. */
export const METRIC_WORDS: Readonly<Record<ClassificationMetricName, string>> = {
  accuracy: 'accuracy',
  'balanced-accuracy': 'balanced accuracy',
  'macro-f1': 'macro F1',
  'micro-f1': 'micro F1',
  'weighted-f1': 'weighted F1',
  auroc: 'AUROC',
  'average-precision': 'average precision',
  'log-loss': 'log loss',
  brier: 'Brier score',
  ece: 'expected calibration error',
  'top-2-accuracy': 'top-2 accuracy',
  'top-3-accuracy': 'top-3 accuracy',
  'top-5-accuracy': 'top-5 accuracy',
};
