import { METRIC_WORDS } from '../report/metrics.ts';

/** How a sentence calls the metric of a record; one of a later version has no words of ours. */
export function metricWords(metric: string): string {
  return Object.hasOwn(METRIC_WORDS, metric) ? METRIC_WORDS[metric as keyof typeof METRIC_WORDS] : metric;
}
