import type { MetricName } from './diagnosis.ts';
import { fraction, isCounted, metricFor, type CountedMetric } from './metric.ts';
import { advantage, isAtLeastAsGood } from './metrics/metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import {
  exceedancesOf,
  gapOf,
  numeratorsOf,
  permutationTest,
  pValues,
  type Exceedances,
  type PValues,
} from './permutation-test.ts';
import type { StoppingRule } from './sequential.ts';

/** What happens to a metric when the scores are shuffled. */
export interface Comparison {
  /** By how much Clean-Q is better than the mean of the draws. */
  readonly gap: number;
  readonly p: PValues;
}

/** A metric as it compares outcomes. A positive difference is always for the better, whatever the metric's direction. */
export interface Yardstick {
  /** How the metric is counted, exactly; undefined for a gauge. */
  readonly counted?: CountedMetric;
  /** The metric of each set of predictions. */
  values(outcomes: Outcomes): number[];
  /**
   * @param clean a single set
   * @param broken one for each draw
   * @param stopping where draws stop early
   */
  compare(clean: Outcomes, broken: Outcomes, stopping?: StoppingRule): Comparison;
  /** Which draws are at least, and at most, as good as a single set. */
  exceedances(clean: Outcomes, broken: Outcomes): Exceedances;
  /** The gap of `compare` for each of several sets in place of the single one. */
  gaps(sets: Outcomes, broken: Outcomes): number[];
}

/**
 * @param labels true classes [N]
 * @param place of the gauge among the gauges of the outcomes; of no meaning for a metric that is counted
 */
export function yardstickFor(name: MetricName, labels: Int32Array, classes: number, place = 0): Yardstick {
  return isCounted(name) ? byCounts(metricFor(name, labels, classes)) : byValues(name, classes, place);
}

/** Exact fractions: equal counts tie, and a gap is rounded once. */
function byCounts(metric: CountedMetric): Yardstick {
  return {
    counted: metric,
    values: ({ hits }) =>
      numeratorsOf(hits, metric).map((numerator) => fraction(numerator, metric.denominator)),
    compare: (clean, broken, stopping) => {
      const { gap, p } = permutationTest(metric.numerator(clean.hits), broken.hits, metric, stopping);
      return { gap, p };
    },
    exceedances: (clean, broken) =>
      exceedancesOf(metric.numerator(clean.hits), numeratorsOf(broken.hits, metric)),
    gaps: (sets, broken) => {
      const numerators = numeratorsOf(broken.hits, metric);
      return numeratorsOf(sets.hits, metric).map((set) => gapOf(set, numerators, metric.denominator));
    },
  };
}

/** Numbers: those that rounding could have parted tie, and ties count against the claim. */
function byValues(name: MetricName, classes: number, place: number): Yardstick {
  const metric = METRICS[name];
  const values = (outcomes: Outcomes): number[] => column(outcomes, classes, place);
  const gaps: Yardstick['gaps'] = (sets, broken) => {
    const centre = meanOf(values(broken));
    return values(sets).map((value) => advantage(metric, value, centre));
  };
  const exceedances: Yardstick['exceedances'] = (clean, broken) => {
    const [value] = values(clean);
    const draws = values(broken);
    return {
      atLeast: draws.map((draw) => isAtLeastAsGood(metric, draw, value)),
      atMost: draws.map((draw) => isAtLeastAsGood(metric, value, draw)),
    };
  };
  return {
    values,
    gaps,
    exceedances,
    compare: (clean, broken, stopping) => ({
      gap: gaps(clean, broken)[0],
      p: pValues(exceedances(clean, broken), stopping),
    }),
  };
}

function column({ hits, values }: Outcomes, classes: number, place: number): number[] {
  const sets = hits.length / classes;
  const gauges = values.length / sets;
  return Array.from({ length: sets }, (_, set) => values[set * gauges + place]);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
