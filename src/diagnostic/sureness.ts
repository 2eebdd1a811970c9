import { jackknifeError } from './bootstrap-interval.ts';
import type { ConcludedMetric } from './conclude-metrics.ts';
import type { ConclusionPlan } from './conclude.ts';
import type { Diagnosis, MetricName } from './diagnosis.ts';
import { equivalenceTest } from './equivalence.ts';
import { effectiveSize } from './example-weights.ts';
import { intervalBy } from './gap-interval.ts';
import type { DrawnCounts, Facts, Measurements } from './measurements.ts';
import { clusterCount } from './groups.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import { P_CONFIDENCE, pInterval } from './monte-carlo.ts';
import { normalQuantile } from './normal-distribution.ts';
import type { Outcomes } from './outcomes.ts';
import { detectableGap, examplesNeeded, unseenGap } from './power.ts';
import { standardDeviation } from './spread.ts';
import type { Yardstick } from './yardstick.ts';

/** The sizes of the gap at which the verdict's p-values fall to alpha. */
export interface CriticalGaps {
  /** Of scores that help: of both p-values, where joint shuffles have to show it too. */
  readonly influence: number;
  /** Of scores that harm. */
  readonly harm: number;
}

/** @param clean outcomes of Clean-Q */
export function criticalGapsOf(
  yardstick: Yardstick,
  clean: Outcomes,
  { main, joint }: Pick<DrawnCounts, 'main' | 'joint'>,
  alpha: number,
): CriticalGaps {
  // Of too few draws p is never alpha: what more of them would do is at least known about.
  const critical = (draws: Outcomes, side: 'oneSided' | 'otherSide'): number =>
    yardstick.criticalGap(draws, side, alpha) ??
    normalQuantile(1 - alpha) * standardDeviation(yardstick.values(draws));
  const gapFrom = (draws: Outcomes): number => yardstick.compare(clean, draws).gap;
  const influence = critical(main, 'oneSided');
  // Counted from the mean of the main draws, as the gap is.
  const ofJoint = joint ? critical(joint, 'oneSided') + gapFrom(main) - gapFrom(joint) : 0;
  return { influence: Math.max(0, influence, ofJoint), harm: Math.max(0, critical(main, 'otherSide')) };
}

/** How sure the gap of the gating metric is with these examples: interval, equivalence and power. */
export function surenessOf(
  { result, resampled, hangsOn }: ConcludedMetric,
  facts: Facts,
  { metric, threshold, alpha, interval }: ConclusionPlan,
  critical: CriticalGaps,
): Pick<Diagnosis, 'gap' | 'equivalence' | 'power'> {
  const { value } = result.gap;
  const standardError = jackknifeError(resampled);
  const uncertainty = {
    gap: value,
    standardError,
    criticalGap: critical[value < 0 ? 'harm' : 'influence'],
    threshold,
    alpha,
    examples: facts.labels.length,
    groups: independentUnits(metric, facts),
    mostPerExample: mostPerExample(metric),
  };
  const { lower, upper } = intervalBy(interval.method, resampled, 1 - 2 * alpha);
  const unseen = unseenGap(uncertainty);
  const clusters = facts.clusters && clusterCount(facts.clusters);
  return {
    gap: { ...result.gap, confidence: interval.confidence },
    equivalence: {
      lower,
      upper,
      confidence: 1 - 2 * alpha,
      p: equivalenceTest(
        { value, standardError, ...(clusters && { degreesOfFreedom: clusters - 1 }) },
        { lower: -threshold, upper: threshold },
      ).both,
      unseen,
      shown: lower > -threshold && upper < threshold && (unseen ?? 0) < threshold,
    },
    power: {
      standardError,
      criticalGap: critical.influence,
      detectableGap: detectableGap({ ...uncertainty, criticalGap: critical.influence }),
      examples: facts.labels.length,
      ...(clusters && { clusters }),
      ...(hangsOn !== null && { hangsOn }),
      ...(metric === 'balanced-accuracy' && { smallestClass: Math.floor(Math.min(...uncertainty.groups)) }),
      examplesNeeded: examplesNeeded(uncertainty),
    },
  };
}

/**
 * Examples that count, or clusters of them, in each of the groups that the metric averages over: its classes, or all in one
 * (those of all folds are of one source).
 */
function independentUnits(metric: MetricName, facts: Facts): number[] {
  const { labels, gauges } = facts;
  const all = Array.from(labels.keys());
  const groups =
    metric === 'balanced-accuracy'
      ? groupedBy(all, labels)
      : [isCounted(metric) ? all : [...(gauges[0].rows ?? all)]];
  return Array.from(groups, (rows) => unitsAmong(rows, facts)).filter((size) => size > 0);
}

/** As many as they count for: with weights, by the mean weight of each (see `effectiveSize`). */
function unitsAmong(
  rows: readonly number[],
  { clusters, weights }: Pick<Facts, 'clusters' | 'weights'>,
): number {
  const units = clusters ? groupedBy(rows, clusters) : rows.map((row) => [row]);
  if (weights === undefined) return units.length;
  const means = units.map((unit) => unit.reduce((sum, row) => sum + weights[row], 0) / unit.length);
  return effectiveSize(Float64Array.from(means));
}

/** Rows that have the same number, together. */
function groupedBy(rows: readonly number[], numbers: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const group = groups.get(numbers[row]);
    if (group) group.push(row);
    else groups.set(numbers[row], [row]);
  }
  return [...groups.values()];
}

/**
 * The most that one example can make of the gap, in shares of its group; null where a loss has no bound that says anything, and
 * for correlations, which a few values far from all others may turn.
 */
function mostPerExample(metric: MetricName): number | null {
  const { range, unit, needs, perExample } = METRICS[metric];
  if (needs === 'values' && perExample === undefined) return null;
  return unit === 'none' && Number.isFinite(range[1] - range[0]) ? range[1] - range[0] : null;
}

/** Where each p-value would lie with unlimited shuffles. @param tries what the yardstick multiplied them with */
export function pIntervalsOf(
  { p, joint, perModality, controls }: Pick<Diagnosis, 'p' | 'joint' | 'perModality' | 'controls'>,
  { facts, draws }: Measurements,
  tries: number,
): Diagnosis['pIntervals'] {
  const { count, secondaryCount, modalities, uniform } = facts;
  const { correctness, corruption } = controls;
  const drawsIn = ({ hits }: Outcomes): number => hits.length / uniform.length;
  const single = modalities.length === 1 ? count : drawsIn(draws.perModality[0]);
  return {
    confidence: P_CONFIDENCE,
    oneSided: pInterval(p.oneSided, count, tries),
    twoSided: pInterval(p.twoSided, count, 2 * tries),
    otherSide: pInterval(p.otherSide, count, tries),
    joint: joint && pInterval(joint.p, drawsIn(draws.joint!), tries),
    perModality: Object.fromEntries(
      Object.entries(perModality).map(([modality, { p: ofOne }]) => [
        modality,
        pInterval(ofOne, single, tries),
      ]),
    ),
    correctness: correctness && pInterval(correctness.p, secondaryCount, tries),
    corruption: corruption && pInterval(corruption.p, secondaryCount, tries * modalities.length),
  };
}
