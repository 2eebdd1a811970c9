import type { Cells } from './cells.ts';
import { criticalGap, type Side } from './critical-gap.ts';
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
  pOfRepeats,
  pValues,
  type Exceedances,
  type PValues,
} from './permutation-test.ts';
import { median } from './quantile.ts';
import type { StoppingRule } from './sequential.ts';
import { mean } from './spread.ts';

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
  /** What its p-values are multiplied with: where examples come again in other repeats (see `pOfRepeats`). */
  readonly tries: number;
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
  /** The size of the gap at which p falls to alpha; null of so few draws that it never does. */
  criticalGap(broken: Outcomes, side: Side, alpha: number): number | null;
}

/** A metric in some of the folds: with p-values as they are. */
export type Scale = Omit<Yardstick, 'tries'>;

/**
 * The mean over folds of a metric within each. The mean of all folds that share no example is tested as one: shuffle k of all
 * of them gives one value. Repeats are tested one by one.
 *
 * @param place of the gauge among the gauges of the outcomes; of no meaning for a metric that is counted
 */
export function yardstickFor(name: MetricName, cells: Cells, place = 0): Yardstick {
  const { repeats } = cells.folds;
  const whole = isCounted(name) ? byCounts(metricFor(name, cells)) : byValues(name, cells, place);
  if (repeats.length === 1) return { ...whole, tries: 1 };
  const scales = repeats.map((folds) => scaleOf(name, cells, folds, place));
  return {
    ...whole,
    tries: 2,
    compare: (clean, broken, stopping) => ({
      gap: whole.gaps(clean, broken)[0],
      p: pOfRepeats(scales.map((scale) => scale.compare(clean, broken, stopping).p)),
    }),
    // Twice the median is at most alpha where half of them are at most alpha / 2.
    criticalGap: (broken, side, alpha) => {
      const critical = scales.flatMap((scale) => scale.criticalGap(broken, side, alpha / 2) ?? []);
      return critical.length === 0 ? null : median(Float64Array.from(critical));
    },
  };
}

/** The same within each fold [F]. */
export function yardsticksByFold(name: MetricName, cells: Cells, place = 0): Scale[] {
  return [...cells.folds.names.keys()].map((fold) => scaleOf(name, cells, [fold], place));
}

function scaleOf(name: MetricName, cells: Cells, folds: readonly number[], place: number): Scale {
  return isCounted(name) ? byCounts(metricFor(name, cells, folds)) : byValues(name, cells, place, folds);
}

/** Exact fractions: equal counts tie, and a gap is rounded once. */
function byCounts(metric: CountedMetric): Scale {
  const values: Yardstick['values'] = ({ hits }) =>
    numeratorsOf(hits, metric).map((numerator) => fraction(numerator, metric.denominator));
  return {
    counted: metric,
    values,
    criticalGap: (broken, side, alpha) => criticalGap(values(broken), 'higher', side, alpha),
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
function byValues(
  name: MetricName,
  cells: Cells,
  place: number,
  among: readonly number[] = [...cells.folds.names.keys()],
): Scale {
  const metric = METRICS[name];
  const values = (outcomes: Outcomes): number[] => column(outcomes, cells, place, among);
  const gaps: Yardstick['gaps'] = (sets, broken) => {
    const centre = mean(values(broken));
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
    criticalGap: (broken, side, alpha) => criticalGap(values(broken), metric.better, side, alpha),
    compare: (clean, broken, stopping) => ({
      gap: gaps(clean, broken)[0],
      p: pValues(exceedances(clean, broken), stopping),
    }),
  };
}

/** Of each set, the mean over these folds of one gauge. */
function column(
  { hits, values }: Outcomes,
  { sizes, folds: { names } }: Cells,
  place: number,
  among: readonly number[],
): number[] {
  const sets = hits.length / sizes.length;
  const gauges = values.length / sets / names.length;
  return Array.from({ length: sets }, (_, set) => {
    const start = (set * gauges + place) * names.length;
    return mean(among.map((fold) => values[start + fold]));
  });
}
