import { cellsIn, totalOf } from './cells.ts';
import { concludeControl, controlGap, type ControlRules } from './conclude-control.ts';
import { concludeCalibration } from './conclude-calibration.ts';
import { concludeExact } from './conclude-exact.ts';
import { concludeFolds } from './conclude-folds.ts';
import { cleanOutcomes, concludeMetrics } from './conclude-metrics.ts';
import { concludeSlices } from './conclude-slices.ts';
import type { Accuracies, CorruptionResult, Diagnosis, MetricName } from './diagnosis.ts';
import type { IntervalPlan } from './gap-interval.ts';
import type { Measurements } from './measurements.ts';
import { accuraciesFor } from './metric.ts';
import type { Outcomes } from './outcomes.ts';
import { perDraw } from './permutation-test.ts';
import { concludeRemedies } from './remedies.ts';
import type { StoppingRule } from './sequential.ts';
import { mean, standardDeviation } from './spread.ts';
import { criticalGapsOf, pIntervalsOf, surenessOf } from './sureness.ts';
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
    /** Where draws stop as soon as the answer is settled. */
    readonly stopping?: StoppingRule;
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
  const { modalities, experts } = facts;
  const cells = cellsIn(facts);
  const yardstick = yardstickFor(plan.metric, cells);
  const isOfClasses = facts.task === 'classification';
  const accuracies = accuraciesFor(cells);
  const clean = cleanOutcomes(facts, cells);
  const compare = (broken: Outcomes): { gap: number; p: number } => {
    const { gap, p } = yardstick.compare(clean, broken);
    return { gap, p: p.oneSided };
  };
  const { interval, permutations } = plan;
  const main = yardstick.compare(clean, draws.main, permutations.stopping);
  const metrics = concludeMetrics([plan.metric, ...plan.metrics], measurements, clean, {
    interval,
    seed: permutations.seed,
    stopping: permutations.stopping,
  });
  const perModality = modalities.length === 1 ? [draws.main] : draws.perModality;
  const total = totalOf(cells.sizes);
  const flips = Array.from(draws.main.flipped, (flipped) => flipped / total);
  const found: Omit<Diagnosis, 'pIntervals'> = {
    task: facts.task,
    metric: plan.metric,
    threshold: plan.threshold,
    alpha: plan.alpha,
    clean: isOfClasses ? accuracies(clean.hits) : null,
    uniform: isOfClasses ? accuracies(facts.uniform) : null,
    broken: {
      scheme: facts.scheme,
      count: facts.count,
      seed: permutations.seed,
      ...(isOfClasses
        ? spread(perDraw(draws.main.hits, cells.sizes.length).map(accuracies))
        : { mean: null, std: null }),
      values: yardstick.values(draws.main),
    },
    ...surenessOf(metrics[0], facts, plan, criticalGapsOf(yardstick, clean, draws, plan.alpha)),
    p: main.p,
    metrics: metrics.map(({ result }) => result),
    joint: draws.joint && compare(draws.joint),
    flipRate: meanAndMax(flips),
    movement: draws.main.moved.length > 0 ? meanAndMax([...draws.main.moved]) : null,
    experts: experts?.experts ?? null,
    expertMetric: experts?.expertMetric ?? null,
    headroom: experts?.headroom
      ? { ...experts.headroom, realised: realised(main.gap, experts.headroom.value) }
      : null,
    competitiveness: experts?.competitiveness ?? null,
    alignment: experts?.alignment ?? null,
    perModality: Object.fromEntries(modalities.map((modality, m) => [modality, compare(perModality[m])])),
    exact: concludeExact(
      measurements,
      metrics.map(({ result }) => result),
      yardstick,
    ),
    controls: concludeControls(measurements, yardstick, plan),
    constantScores: facts.constantScores,
    ...concludeRemedies(measurements, clean, plan),
    calibration: concludeCalibration(facts, interval.confidence),
    ...concludeSlices(measurements, plan),
    ...concludeFolds(measurements, cells, clean, plan.metric, permutations.stopping),
    ...(facts.exchange && { exchange: facts.exchange }),
    invalid,
  };
  return { ...found, pIntervals: pIntervalsOf(found, measurements, yardstick.tries) };
}

function meanAndMax(values: readonly number[]): { mean: number; max: number } {
  return { mean: mean(values), max: values.reduce((a, b) => Math.max(a, b), 0) };
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

/** Mean and population standard deviation of both metrics over draws. */
function spread(draws: readonly Accuracies[]): { mean: Accuracies; std: Accuracies } {
  const over = (reduce: (values: number[]) => number): Accuracies => ({
    accuracy: reduce(draws.map((draw) => draw.accuracy)),
    balancedAccuracy: reduce(draws.map((draw) => draw.balancedAccuracy)),
  });
  return { mean: over(mean), std: over(standardDeviation) };
}
