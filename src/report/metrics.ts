import type { MetricName } from '../diagnostic/diagnosis.ts';

/** How a report calls each metric, and where it finds it. */
export const METRICS = {
  accuracy: { key: 'accuracy', words: 'accuracy' },
  'balanced-accuracy': { key: 'balancedAccuracy', words: 'balanced accuracy' },
} as const satisfies Record<MetricName, unknown>;
