import { concludeControl, controlGap, type ControlRules } from './conclude-control.ts';
import { concludeMetrics } from './conclude-metrics.ts';
import type { Accuracies, CorruptionResult, Diagnosis, MetricName } from './diagnosis.ts';
import type { IntervalPlan } from './gap-interval.ts';
import type { Measurements } from './measurements.ts';
import { accuraciesFor } from './metric.ts';
import type { Outcomes } from './outcomes.ts';
import { perDraw } from './permutation-test.ts';
import { mean, standardDeviation } from './spread.ts';
import { pIntervalsOf, surenessOf } from './sureness.ts';
import { yardstickFor, type Yardstick } from './yardstick.ts';

/** What decides the conclusions besides the measurements. */
export interface ConclusionPlan {
  /** The gating one. */
  readonly metric: MetricName;
  /** Those that are reported beside it. */
  readonly metrics: readonly MetricName[];
  readonly threshold: number;
  readonly alpha: number;
  readonly permutations: {
    readonly seed: number;
    /** How many shuffles may be drawn where p lies near alpha. Default: no more than asked for. */
    readonly most?: number;
  };
  readonly interval: IntervalPlan;
  readonly control: { readonly threshold: number };
}

/**
 * The diagnosis that follows from measurements: gaps, p-values, interval and controls.
 *
 * @param measurements with all of their draws
 */
export function conclude(measurements: Measurements, plan: ConclusionPlan): Diagnosis {
  const { facts, draws, invalid } = measurements;
  const { labels, modalities, experts } = facts;
  const classes = facts.uniform.length;
  const yardstick = yardstickFor(plan.metric, labels, classes);
  const accuracies = accuraciesFor(labels, classes);
  const clean = cleanOutcomes(facts, classes);
  const compare = (broken: Outcomes): { gap: number; p: number } => {
    const { gap, p } = yardstick.compare(clean, broken);
    return { gap, p: p.oneSided };
  };
  const main = yardstick.compare(clean, draws.main);
  const { interval, permutations } = plan;
  const metrics = concludeMetrics([plan.metric, ...plan.metrics], measurements, clean, {
    interval,
    seed: permutations.seed,
  });
  const perModality = modalities.length === 1 ? [draws.main] : draws.perModality;
  const flips = Array.from(draws.main.flipped, (flipped) => flipped / labels.length);
  const found: Omit<Diagnosis, 'pIntervals'> = {
    metric: plan.metric,
    threshold: plan.threshold,
    alpha: plan.alpha,
    clean: accuracies(clean.hits),
    uniform: accuracies(facts.uniform),
    broken: {
      scheme: facts.scheme,
      count: facts.count,
      seed: permutations.seed,
      ...spread(perDraw(draws.main.hits, classes).map(accuracies)),
      values: yardstick.values(draws.main),
    },
    ...surenessOf(metrics[0], facts, plan),
    p: main.p,
    metrics: metrics.map(({ result }) => result),
    joint: draws.joint && compare(draws.joint),
    flipRate: { mean: mean(flips), max: flips.reduce((a, b) => Math.max(a, b), 0) },
    experts: experts?.experts ?? null,
    headroom: experts?.headroom
      ? { ...experts.headroom, realised: realised(main.gap, experts.headroom.value) }
      : null,
    competitiveness: experts?.competitiveness ?? null,
    alignment: experts?.alignment ?? null,
    perModality: Object.fromEntries(modalities.map((modality, m) => [modality, compare(perModality[m])])),
    controls: concludeControls(measurements, yardstick, plan),
    constantScores: facts.constantScores,
    invalid,
  };
  return { ...found, pIntervals: pIntervalsOf(found, measurements) };
}

/** Of what a perfect choice would add to shuffled scores. @param headroom what it would add to Clean-Q */
function realised(gap: number, headroom: number): number | null {
  return gap + headroom > 0 ? gap / (gap + headroom) : null;
}

function concludeControls(
  { facts, draws }: Measurements,
  yardstick: Yardstick,
  { alpha, threshold, control, interval }: ConclusionPlan,
): Diagnosis['controls'] {
  const { confidence } = interval;
  const rules = { alpha, threshold, controlThreshold: control.threshold, confidence };
  const { correctness } = facts;
  return {
    correctness: correctness && {
      ...concludeControl(correctness, draws.correctness!, yardstick, { ...rules, tries: 1 }),
    },
    corruption: concludeCorruption({ facts, draws }, yardstick, { ...rules, tries: facts.modalities.length }),
  };
}

/** The answer is that of the modality whose truth the rule used most, the first one on ties. */
function concludeCorruption(
  { facts, draws }: Pick<Measurements, 'facts' | 'draws'>,
  yardstick: Yardstick,
  rules: ControlRules,
): CorruptionResult | null {
  if (facts.corruption.length === 0) return null;
  const gaps = facts.corruption.map((control, i) =>
    controlGap(control, draws.corruption[i].broken, yardstick),
  );
  const strongest = gaps.indexOf(Math.max(...gaps));
  const { modality, ...control } = facts.corruption[strongest];
  return { modality, ...concludeControl(control, draws.corruption[strongest], yardstick, rules) };
}

/** Of Clean-Q. */
function cleanOutcomes({ clean, labels, gauges }: Measurements['facts'], classes: number): Outcomes {
  return {
    hits: hitsOf(clean, labels, classes),
    values: Float64Array.from(gauges, (gauge) => gauge.clean),
  };
}

/** Right predictions per class [C]. @param right 1 where the prediction is right [N] */
function hitsOf(right: Uint8Array, labels: Int32Array, classes: number): Uint32Array {
  const hits = new Uint32Array(classes);
  right.forEach((isRight, i) => (hits[labels[i]] += isRight));
  return hits;
}

/** Mean and population standard deviation of both metrics over draws. */
function spread(draws: readonly Accuracies[]): { mean: Accuracies; std: Accuracies } {
  const over = (reduce: (values: number[]) => number): Accuracies => ({
    accuracy: reduce(draws.map((draw) => draw.accuracy)),
    balancedAccuracy: reduce(draws.map((draw) => draw.balancedAccuracy)),
  });
  return { mean: over(mean), std: over(standardDeviation) };
}
