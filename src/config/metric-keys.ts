import { CLASS_METRICS, LABEL_METRICS, VALUE_METRICS, type GateFile, type MetricName } from './schema.ts';

/** What decides which metrics fit an output. */
type OutputKeys = Pick<GateFile['output'], 'kind' | 'multi-label'>;

/** The metrics that fit an output; the first one is what gates unless the config says otherwise. */
export function metricsFor(output: OutputKeys): readonly [MetricName, MetricName, ...MetricName[]] {
  if (output['multi-label']) return LABEL_METRICS;
  return output.kind === 'value' ? VALUE_METRICS : CLASS_METRICS;
}

/** The metric that gates. */
export function metricOf({ metric, output }: Pick<GateFile, 'metric' | 'output'>): MetricName {
  return metric ?? metricsFor(output)[0];
}

/** Metrics in the unit of the label: how much of it matters, nobody but the user can know. */
export function isInUnitOfLabel(metric: MetricName): boolean {
  return metric === 'mae' || metric === 'rmse';
}

/** The largest gap that a metric can show, where it is more than 1. */
const LARGEST_GAPS: Partial<Record<MetricName, number>> = {
  'log-loss': Infinity,
  brier: 2,
  mae: Infinity,
  rmse: Infinity,
  r2: Infinity,
  pearson: 2,
  spearman: 2,
  ccc: 2,
};

/** The largest gap that a metric can show, from its worst value to its best. */
export function largestGap(metric: MetricName): number {
  return LARGEST_GAPS[metric] ?? 1;
}

/** Gap at which a positive control passes, unless the config says otherwise. */
export const CONTROL_THRESHOLD = 0.05;
/** The same in the unit of the label, as a multiple of the gate's threshold: that of the two defaults. */
export const CONTROL_TIMES = 5;

/** Gap at which a positive control passes. */
export function controlThresholdOf(file: GateFile): number {
  const unsaid = isInUnitOfLabel(metricOf(file)) ? CONTROL_TIMES * file.threshold : CONTROL_THRESHOLD;
  return file.control.threshold ?? unsaid;
}
