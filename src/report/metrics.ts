import type { MetricResult } from '../diagnostic/diagnosis.ts';
import type { GateReport } from './gate-report.ts';

export { METRIC_WORDS } from '../diagnostic/metrics/metric-words.ts';

/** What the gating metric gives: it is the first. */
export function gatingResult({ metrics }: GateReport): MetricResult {
  return metrics[0];
}

/** What the metrics give that are reported beside it. */
export function furtherMetrics({ metrics }: GateReport): readonly MetricResult[] {
  return metrics.slice(1);
}
