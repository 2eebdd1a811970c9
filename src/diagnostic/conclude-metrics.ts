import { advantagesOf } from './advantages.ts';
import { cellsIn, countWhere, type Cells } from './cells.ts';
import type { MetricName, MetricResult } from './diagnosis.ts';
import { examplesThatCount } from './examples-that-count.ts';
import { intervalBy, resampleGaps, type IntervalPlan } from './gap-interval.ts';
import type { Facts, MetricMeasurements } from './measurements.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import type { ResampledMean } from './resampled-means.ts';
import type { StoppingRule } from './sequential.ts';
import { mean, standardDeviation } from './spread.ts';
import { yardstickFor } from './yardstick.ts';

/** What shuffling does to one metric, and what its gap would be with other examples. */
export interface ConcludedMetric {
  readonly result: MetricResult;
  readonly resampled: ResampledMean;
  /** On how many examples, or clusters of them, the gap hangs; null of a metric that is no mean of examples. */
  readonly hangsOn: number | null;
}

/** Of Clean-Q. */
export function cleanOutcomes({ clean, gauges }: Pick<Facts, 'clean' | 'gauges'>, cells: Cells): Outcomes {
  const hits = countWhere(cells, (i) => clean[i] === 1);
  return { hits, values: Float64Array.from(gauges.flatMap((gauge) => [...gauge.clean])) };
}

/**
 * What shuffling does to each metric.
 *
 * @param clean outcomes of Clean-Q
 */
export function concludeMetrics(
  names: readonly MetricName[],
  measurements: MetricMeasurements,
  clean: Outcomes,
  {
    interval,
    seed,
    stopping,
  }: { readonly interval: IntervalPlan; readonly seed: number; readonly stopping?: StoppingRule },
): ConcludedMetric[] {
  const { clusters } = measurements.facts;
  const cells = cellsIn(measurements.facts);
  const results = names.map((name) => resultOf(name, measurements, cells, clean, stopping));
  const advantages = results.map(({ name, gap }) => advantagesOf(name, measurements, gap));
  const gaps = resampleGaps(advantages, cells, { resamples: interval.resamples, seed, clusters });
  return results.map((result, i) => ({
    resampled: gaps[i],
    hangsOn: examplesThatCount(advantages[i], cells, clusters),
    result: {
      ...result,
      gap: { value: result.gap, ...intervalBy(interval.method, gaps[i], interval.confidence) },
    },
  }));
}

function resultOf(
  name: MetricName,
  { facts, draws }: MetricMeasurements,
  cells: Cells,
  clean: Outcomes,
  stopping?: StoppingRule,
): Omit<MetricResult, 'gap'> & { gap: number } {
  const place = facts.gauges.findIndex((gauge) => gauge.name === name);
  const yardstick = yardstickFor(name, cells, place);
  const uniform = {
    hits: facts.uniform,
    values: Float64Array.from(facts.gauges.flatMap((gauge) => [...gauge.uniform])),
  };
  const values = yardstick.values(draws.main);
  const { gap, p } = yardstick.compare(clean, draws.main, stopping);
  return {
    name,
    better: METRICS[name].better,
    clean: yardstick.values(clean)[0],
    uniform: yardstick.values(uniform)[0],
    broken: { mean: mean(values), std: standardDeviation(values) },
    gap,
    p: p.oneSided,
  };
}
