import type { Logger } from '../foundation/logger.ts';
import type { FrozenFusion } from '../model/frozen-fusion.ts';
import { alignment, isConstant, type ReliableWhen } from './alignment.ts';
import { bootstrapGap } from './bootstrap.ts';
import { bankedScores, shuffledScores, uniformScores, type BrokenScores } from './broken-scores.ts';
import { correctnessControl, corruptionControl } from './controls.ts';
import type { Accuracies, Diagnosis, MetricName } from './diagnosis.ts';
import { competitiveness, headroom } from './headroom.ts';
import { accuraciesFor, countHits, fraction, metricFor } from './metric.ts';
import { measure, permutationTest, type Examined, type Measured } from './permutation-test.ts';
import { DOSE_REPLAYS, type ControlPlan } from './positive-control.ts';
import { randomFor } from './random.ts';
import { replayProblem } from './replay-check.ts';
import { levelsOf } from './truthful-scores.ts';

/** Everything that decides a diagnosis besides the frozen fusion and the labels. */
export interface DiagnosisPlan {
  readonly metric: MetricName;
  readonly threshold: number;
  readonly alpha: number;
  readonly permutations: {
    readonly count: number;
    readonly secondaryCount: number;
    readonly scheme: 'independent' | 'joint';
    readonly seed: number;
    /** Broken-Q drawn elsewhere: per modality the scores of `count` draws, [count * N * width]. */
    readonly bank?: readonly Float64Array[];
  };
  readonly uniformScore: 'mean' | number;
  readonly interval: { readonly confidence: number; readonly resamples: number };
  readonly control: { readonly threshold: number; readonly quantiles: readonly [low: number, high: number] };
  /** Per modality. */
  readonly reliableWhen: readonly ReliableWhen[];
}

/**
 * Runs the permutation diagnostic and both positive controls on a frozen fusion (Moon, Pillai and Campbell 2026,
 * arXiv:2606.26473).
 *
 * @param labels true classes [N], each in 0..fusion.classes-1
 */
export async function diagnose(
  fusion: FrozenFusion,
  labels: Int32Array,
  plan: DiagnosisPlan,
  logger: Logger,
): Promise<Diagnosis> {
  const { classes, experts, modalities, reliability } = fusion;
  const metric = metricFor(plan.metric, labels, classes);
  const accuracies = accuraciesFor(labels, classes);
  const { count, secondaryCount, scheme, seed, bank } = plan.permutations;
  const examine = (task: string, replays: number): Examined => ({
    fusion,
    labels,
    metric,
    progress: logger.progress(task, replays),
  });

  const main = examine('shuffles', count);
  const clean = await measure(main, reliability);
  const uniform = await measure(main, uniformScores(reliability, plan.uniformScore));
  const broken = bank
    ? bankedScores(reliability, bank, count)
    : shuffledScores(reliability, modalities, { scheme, count, seed, stream: 'shuffle' });
  const result = await permutationTest(main, clean, broken);
  main.progress.done();

  const advantage = result.rightShare.map((share, i) => (clean.predicted[i] === labels[i] ? 1 : 0) - share);
  const { confidence, resamples } = plan.interval;
  const interval = bootstrapGap(advantage, labels, classes, plan.metric, {
    confidence,
    resamples,
    random: randomFor(seed, 'bootstrap'),
  });
  const perModality =
    modalities.length === 1
      ? { [modalities[0]]: { gap: result.gap, p: result.p.oneSided } }
      : await perModalityGaps(
          examine('shuffles of one modality', modalities.length * Math.min(count, secondaryCount)),
          clean,
          broken,
          secondaryCount,
        );
  const joint =
    modalities.length === 1 || broken.scheme === 'joint'
      ? null
      : await jointGap(examine('joint shuffles', secondaryCount), clean, plan.permutations);
  const controlReplays = (1 + modalities.length) * secondaryCount + 2 * DOSE_REPLAYS;
  const controls = await positiveControls(examine('positive controls', controlReplays), clean, plan);
  const constantScores = modalities.filter((_, m) => isConstantScore(reliability[m]));

  return {
    metric: plan.metric,
    threshold: plan.threshold,
    alpha: plan.alpha,
    clean: accuracies(clean.hits),
    uniform: accuracies(uniform.hits),
    broken: {
      scheme: broken.scheme,
      count,
      seed,
      ...spread(result.hits.map(accuracies)),
      values: result.numerators.map((numerator) => fraction(numerator, metric.denominator)),
    },
    gap: { value: result.gap, ...interval, confidence },
    p: result.p,
    joint,
    flipRate: { mean: mean(result.flips), max: result.flips.reduce((a, b) => Math.max(a, b), 0) },
    experts: experts
      ? Object.fromEntries(
          experts.map((expert, m) => [modalities[m], accuracies(countHits(expert.classes, labels, classes))]),
        )
      : null,
    headroom: experts ? headroom(experts, labels, classes, metric, clean.numerator) : null,
    competitiveness: experts ? competitiveness(experts, labels, classes) : null,
    alignment: experts ? alignment(reliability, experts, labels, modalities, plan.reliableWhen) : null,
    perModality,
    controls,
    constantScores,
    invalid:
      constantScores.length === modalities.length
        ? 'every reliability score is the same on all evaluated rows, so that shuffling changes nothing'
        : await replayProblem(fusion),
  };
}

/** The gaps when only one modality's scores are shuffled. */
async function perModalityGaps(
  examined: Examined,
  clean: Measured,
  broken: BrokenScores,
  secondaryCount: number,
): Promise<Diagnosis['perModality']> {
  const gaps: [string, { gap: number; p: number }][] = [];
  for (const [only, modality] of examined.fusion.modalities.entries()) {
    const count = Math.min(broken.count, secondaryCount);
    const { gap, p } = await permutationTest(examined, clean, broken, { count, only });
    gaps.push([modality, { gap, p: p.oneSided }]);
  }
  examined.progress.done();
  return Object.fromEntries(gaps);
}

/**
 * The gap when a row's scores stay together. Scores that say nothing about the example but agree with each other within a
 * row pass an independent shuffle, which breaks that agreement; they do not pass this one.
 */
async function jointGap(
  examined: Examined,
  clean: Measured,
  { secondaryCount: count, seed }: DiagnosisPlan['permutations'],
): Promise<NonNullable<Diagnosis['joint']>> {
  const { modalities, reliability } = examined.fusion;
  const broken = shuffledScores(reliability, modalities, { scheme: 'joint', count, seed, stream: 'joint' });
  const { gap, p } = await permutationTest(examined, clean, broken);
  examined.progress.done();
  return { gap, p: p.oneSided };
}

async function positiveControls(
  examined: Examined,
  clean: Measured,
  plan: DiagnosisPlan,
): Promise<Diagnosis['controls']> {
  const { experts, reliability } = examined.fusion;
  const { scheme, seed, secondaryCount } = plan.permutations;
  const controlPlan: ControlPlan = {
    scheme,
    seed,
    count: secondaryCount,
    alpha: plan.alpha,
    controlThreshold: plan.control.threshold,
    threshold: plan.threshold,
  };
  const levels = reliability.map((scores, m) =>
    levelsOf(scores, plan.control.quantiles, plan.reliableWhen[m]),
  );
  const correctness = experts ? await correctnessControl(examined, experts, levels, controlPlan) : null;
  const corruption = await corruptionControl(examined, clean, levels, controlPlan);
  examined.progress.done();
  return { correctness, corruption };
}

/** Mean and population standard deviation of both metrics over draws. */
function spread(draws: readonly Accuracies[]): { mean: Accuracies; std: Accuracies } {
  const over = (reduce: (values: number[]) => number): Accuracies => ({
    accuracy: reduce(draws.map((draw) => draw.accuracy)),
    balancedAccuracy: reduce(draws.map((draw) => draw.balancedAccuracy)),
  });
  return { mean: over(mean), std: over(standardDeviation) };
}

function isConstantScore({ width, values }: { width: number; values: Float64Array }): boolean {
  return Array.from({ length: width }, (_, d) => values.filter((_, i) => i % width === d)).every(isConstant);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
