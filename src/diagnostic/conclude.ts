import { bootstrapGap } from './bootstrap.ts';
import { concludeControl, controlGap, type ControlRules } from './conclude-control.ts';
import type { Accuracies, CorruptionResult, Diagnosis, MetricName } from './diagnosis.ts';
import type { Measurements } from './measurements.ts';
import { accuraciesFor, fraction, metricFor, type Metric } from './metric.ts';
import { perDraw, permutationTest } from './permutation-test.ts';
import { randomFor } from './random.ts';

/** What decides the conclusions besides the measurements. */
export interface ConclusionPlan {
  readonly metric: MetricName;
  readonly threshold: number;
  readonly alpha: number;
  readonly permutations: { readonly seed: number };
  readonly interval: { readonly confidence: number; readonly resamples: number };
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
  const flips = Array.from(draws.main.flipped, (flipped) => flipped / labels.length);
  return {
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
      values: main.numerators.map((numerator) => fraction(numerator, metric.denominator)),
    },
    gap: { value: main.gap, ...intervalOf(measurements, plan, classes) },
    p: main.p,
    joint: draws.joint && compare(draws.joint),
    flipRate: { mean: mean(flips), max: flips.reduce((a, b) => Math.max(a, b), 0) },
    experts: experts?.experts ?? null,
    headroom: experts?.headroom ?? null,
    competitiveness: experts?.competitiveness ?? null,
    alignment: experts?.alignment ?? null,
    perModality: Object.fromEntries(modalities.map((modality, m) => [modality, compare(perModality[m])])),
    controls: concludeControls(measurements, metric, plan),
    constantScores: facts.constantScores,
    invalid,
  };
}

/** Bootstrap interval of the gap, from the share of draws in which each example was right. */
function intervalOf(
  { facts, draws }: Measurements,
  { metric, permutations, interval }: ConclusionPlan,
  classes: number,
): { lower: number; upper: number; confidence: number } {
  const { confidence, resamples } = interval;
  const advantage = Float64Array.from(
    facts.clean,
    (isRight, i) => isRight - draws.main.right[i] / facts.count,
  );
  const random = randomFor(permutations.seed, 'bootstrap');
  return {
    ...bootstrapGap(advantage, facts.labels, classes, metric, { confidence, resamples, random }),
    confidence,
  };
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
