import { AGREEMENT_METRICS } from './agreement-metrics.ts';
import { CLASS_METRICS } from './class-metrics.ts';
import { LABEL_RANKING_METRICS } from './label-ranking-metrics.ts';
import { named, type AnyMetric, type Metric, type MetricRow, type Need } from './metric.ts';
import { MULTI_LABEL_METRICS } from './multi-label-metrics.ts';
import { POSTERIOR_METRICS } from './posterior-metrics.ts';
import { RANKING_METRICS } from './ranking-metrics.ts';
import { REGRESSION_METRICS } from './regression-metrics.ts';
import { SENTIMENT_METRICS } from './sentiment-metrics.ts';

/**
 * Every metric by its name.
 *
 * A value is null exactly where scikit-learn (SciPy, for correlations) raises an error or returns NaN; where it warns and
 * returns a number, so does the metric. One difference: an example of weight 0 is everywhere as if it were not there.
 */
export const METRICS = {
  ...namedAll<'classes', keyof typeof CLASS_METRICS>(CLASS_METRICS),
  ...namedAll<'posteriors', keyof typeof RANKING_METRICS>(RANKING_METRICS),
  ...namedAll<'posteriors', keyof typeof POSTERIOR_METRICS>(POSTERIOR_METRICS),
  ...namedAll<'values', keyof typeof REGRESSION_METRICS>(REGRESSION_METRICS),
  ...namedAll<'values', keyof typeof AGREEMENT_METRICS>(AGREEMENT_METRICS),
  ...namedAll<'values', keyof typeof SENTIMENT_METRICS>(SENTIMENT_METRICS),
  ...namedAll<'sets', keyof typeof MULTI_LABEL_METRICS>(MULTI_LABEL_METRICS),
  ...namedAll<'label-posteriors', keyof typeof LABEL_RANKING_METRICS>(LABEL_RANKING_METRICS),
} as const satisfies Record<string, AnyMetric>;

export type MetricName = keyof typeof METRICS;

function namedAll<N extends Need, Name extends string>(
  rows: Record<Name, MetricRow<N>>,
): Record<Name, Metric<N>> {
  const entries = Object.entries<MetricRow<N>>(rows).map(([name, row]) => [name, named(name, row)]);
  return Object.fromEntries(entries) as Record<Name, Metric<N>>;
}
