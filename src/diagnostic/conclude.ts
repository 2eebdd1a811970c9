import { jackknifeError } from './bootstrap-interval.ts';
import { concludeControl, controlGap, type ControlRules } from './conclude-control.ts';
import type { Accuracies, CorruptionResult, Diagnosis, MetricName } from './diagnosis.ts';
import { equivalenceTest } from './equivalence.ts';
import { intervalBy, resampleGap, type IntervalPlan } from './gap-interval.ts';
import type { Measurements } from './measurements.ts';
import { accuraciesFor, classCounts, fraction, metricFor, type Metric } from './metric.ts';
import { P_CONFIDENCE, pInterval } from './monte-carlo.ts';
import { perDraw, permutationTest } from './permutation-test.ts';
import { detectableGap, examplesNeeded, unseenGap } from './power.ts';

/** What decides the conclusions besides the measurements. */
export interface ConclusionPlan {
  readonly metric: MetricName;
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
  const metric = metricFor(plan.metric, labels, classes);
  const accuracies = accuraciesFor(labels, classes);
  const cleanHits = hitsOf(facts.clean, labels, classes);
  const clean = metric.numerator(cleanHits);
  const compare = (hits: Uint32Array): { gap: number; p: number } => {
    const { gap, p } = permutationTest(clean, hits, metric);
    return { gap, p: p.oneSided };
  };
  const main = permutationTest(clean, draws.main.hits, metric);
  const perModality = modalities.length === 1 ? [draws.main.hits] : draws.perModality;
  const values = main.numerators.map((numerator) => fraction(numerator, metric.denominator));
  const flips = Array.from(draws.main.flipped, (flipped) => flipped / labels.length);
  const found: Omit<Diagnosis, 'pIntervals'> = {
    metric: plan.metric,
    threshold: plan.threshold,
    alpha: plan.alpha,
    clean: accuracies(cleanHits),
    uniform: accuracies(facts.uniform),
    broken: {
      scheme: facts.scheme,
      count: facts.count,
      seed: plan.permutations.seed,
      ...spread(perDraw(draws.main.hits, classes).map(accuracies)),
      values,
    },
    ...sureness(main.gap, standardDeviation(values), measurements, plan),
    p: main.p,
    joint: draws.joint && compare(draws.joint),
    flipRate: { mean: mean(flips), max: flips.reduce((a, b) => Math.max(a, b), 0) },
    experts: experts?.experts ?? null,
    headroom: experts && { ...experts.headroom, realised: realised(main.gap, experts.headroom.value) },
    competitiveness: experts?.competitiveness ?? null,
    alignment: experts?.alignment ?? null,
    perModality: Object.fromEntries(modalities.map((modality, m) => [modality, compare(perModality[m])])),
    controls: concludeControls(measurements, metric, plan),
    constantScores: facts.constantScores,
    invalid,
  };
  return { ...found, pIntervals: pIntervals(found, { facts, draws }, classes) };
}

/** How sure the gap is with these examples, from the share of draws in which each was right. */
function sureness(
  gap: number,
  shuffleError: number,
  { facts, draws }: Measurements,
  { metric, threshold, alpha, permutations, interval }: ConclusionPlan,
): Pick<Diagnosis, 'gap' | 'equivalence' | 'power'> {
  const { labels, uniform, count } = facts;
  const advantage = Float64Array.from(facts.clean, (isRight, i) => isRight - draws.main.right[i] / count);
  const options = { resamples: interval.resamples, seed: permutations.seed };
  const resampled = resampleGap(advantage, labels, metric, options);
  const standardError = jackknifeError(resampled);
  const groups =
    metric === 'balanced-accuracy'
      ? [...classCounts(labels, uniform.length)].filter((size) => size > 0)
      : [labels.length];
  const uncertainty = { gap, standardError, shuffleError, threshold, alpha, groups };
  const { lower, upper } = intervalBy(interval.method, resampled, 1 - 2 * alpha);
  const unseen = unseenGap(uncertainty);
  const { confidence } = interval;
  return {
    gap: { value: gap, ...intervalBy(interval.method, resampled, confidence), confidence },
    equivalence: {
      lower,
      upper,
      confidence: 1 - 2 * alpha,
      p: equivalenceTest({ value: gap, standardError }, { lower: -threshold, upper: threshold }).both,
      unseen,
      shown: lower > -threshold && upper < threshold && unseen < threshold,
    },
    power: {
      standardError,
      detectableGap: detectableGap(uncertainty),
      examples: labels.length,
      examplesNeeded: examplesNeeded(uncertainty),
    },
  };
}

function pIntervals(
  { p, joint, perModality, controls }: Pick<Diagnosis, 'p' | 'joint' | 'perModality' | 'controls'>,
  { facts, draws }: Pick<Measurements, 'facts' | 'draws'>,
  classes: number,
): Diagnosis['pIntervals'] {
  const { count, secondaryCount } = facts;
  const { correctness, corruption } = controls;
  const single = facts.modalities.length === 1 ? count : draws.perModality[0].length / classes;
  return {
    confidence: P_CONFIDENCE,
    oneSided: pInterval(p.oneSided, count),
    twoSided: pInterval(p.twoSided, count, 2),
    otherSide: pInterval(p.otherSide, count),
    joint: joint && pInterval(joint.p, draws.joint!.length / classes),
    perModality: Object.fromEntries(
      Object.entries(perModality).map(([modality, { p }]) => [modality, pInterval(p, single)]),
    ),
    correctness: correctness && pInterval(correctness.p, secondaryCount),
    corruption: corruption && pInterval(corruption.p, secondaryCount, facts.modalities.length),
  };
}

/** Of what a perfect choice would add to shuffled scores. @param headroom what it would add to Clean-Q */
function realised(gap: number, headroom: number): number | null {
  return gap + headroom > 0 ? gap / (gap + headroom) : null;
}

function concludeControls(
  { facts, draws }: Measurements,
  metric: Metric,
  { alpha, threshold, control }: ConclusionPlan,
): Diagnosis['controls'] {
  const rules = { alpha, threshold, controlThreshold: control.threshold };
  const { correctness } = facts;
  return {
    correctness: correctness && {
      ...concludeControl(correctness, draws.correctness!, metric, { ...rules, tries: 1 }),
    },
    corruption: concludeCorruption({ facts, draws }, metric, { ...rules, tries: facts.modalities.length }),
  };
}

/** The answer is that of the modality whose truth the rule used most, the first one on ties. */
function concludeCorruption(
  { facts, draws }: Pick<Measurements, 'facts' | 'draws'>,
  metric: Metric,
  rules: ControlRules,
): CorruptionResult | null {
  if (facts.corruption.length === 0) return null;
  const gaps = facts.corruption.map((control, i) => controlGap(control, draws.corruption[i].broken, metric));
  const strongest = gaps.indexOf(Math.max(...gaps));
  const { modality, ...control } = facts.corruption[strongest];
  return { modality, ...concludeControl(control, draws.corruption[strongest], metric, rules) };
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
