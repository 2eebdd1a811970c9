import type { Logger } from '../foundation/logger.ts';
import type { FrozenFusion } from '../model/frozen-fusion.ts';
import { alignment, type ReliableWhen } from './alignment.ts';
import { bankedScores, shuffledScores, uniformScores, type BrokenScores } from './broken-scores.ts';
import { cellsOf, countHits, type Cells } from './cells.ts';
import type { ConclusionPlan } from './conclude.ts';
import { correctnessControl, corruptionControl } from './controls.ts';
import type { Examples } from './examples.ts';
import { measure, type Examined, type Measured, type TallyDraws } from './examined.ts';
import { alignmentOver, competitivenessOver, foldFacts } from './fold-facts.ts';
import { gaugesFor, type Gauge } from './gauge.ts';
import { exchangeFacts, isUnmoved, whyNothingMoves } from './exchange-facts.ts';
import type { Exchange } from './exchange.ts';
import { competitiveness, headroom } from './headroom.ts';
import type {
  DrawnCounts,
  ExpertFacts,
  FoldFacts,
  GaugeFacts,
  MainDraws,
  Measurements,
} from './measurements.ts';
import { accuraciesFor } from './metric.ts';
import { outcomesOf, type Outcomes } from './outcomes.ts';
import { decidingP, drawUntilSettled, pInterval, straddles } from './monte-carlo.ts';
import type { Exceedances } from './permutation-test.ts';
import { DOSE_REPLAYS, type ControlPlan } from './positive-control.ts';
import { replayProblem } from './replay-check.ts';
import { stoppingPoint, type StoppingRule } from './sequential.ts';
import { drawsOf, sizeOf, type DrawRange, type Shard } from './shard.ts';
import { tallyDraws } from './tally-draws.ts';
import { levelsOf } from './truthful-scores.ts';
import { yardstickFor, type Yardstick } from './yardstick.ts';

/** Everything that decides a diagnosis besides the frozen fusion and the labels. */
export interface DiagnosisPlan extends ConclusionPlan {
  readonly permutations: {
    readonly count: number;
    readonly secondaryCount: number;
    readonly scheme: 'independent' | 'joint';
    readonly seed: number;
    /** How many may be drawn where p lies near alpha. Default: no more. */
    readonly most?: number;
    readonly stopping?: StoppingRule;
    /** Broken-Q drawn elsewhere: per modality the scores of `count` draws, [count * N * width]. */
    readonly bank?: readonly Float64Array[];
  };
  readonly uniformScore: 'mean' | number;
  readonly control: { readonly threshold: number; readonly quantiles: readonly [low: number, high: number] };
  /** Per modality. */
  readonly reliableWhen: readonly ReliableWhen[];
}

/** Where and how draws are made; neither changes a count. */
export interface DrawOptions {
  /** Whose draws are made. Default: all. */
  readonly shard?: Shard;
  /** Default: one draw after the other, in this thread. */
  readonly tally?: TallyDraws;
}

/**
 * Measures all that a diagnosis needs of a frozen fusion (Moon, Pillai and Campbell 2026, arXiv:2606.26473): the shuffles
 * and both positive controls. What follows from it is left to `conclude`.
 *
 * @param examples N of them, of classes 0..fusion.classes-1
 * @throws ConfigurationError where a metric cannot be had of this fusion and these labels
 */
export async function takeMeasurements(
  fusion: FrozenFusion,
  examples: Examples,
  plan: DiagnosisPlan,
  logger: Logger,
  { shard, tally = tallyDraws }: DrawOptions = {},
): Promise<Measurements> {
  const { modalities, reliability } = fusion;
  const { labels, clusters, within, whole } = examples;
  const exchange: Exchange = { within, whole };
  const { seed } = plan.permutations;
  const cells = cellsOf(labels, fusion.classes, examples.folds);
  const gauges = gaugesFor([plan.metric, ...plan.metrics], fusion, cells, seed, clusters);
  const yardstick = yardstickFor(plan.metric, cells);
  const work: Work = { fusion, cells, exchange, yardstick, gauges, shard, tally, plan, logger };
  const broken = brokenScores(fusion, plan.permutations, exchange);

  const measured = { fusion, cells, gauges };
  const clean = await measure(measured, reliability);
  const uniform = await measure(measured, uniformScores(reliability, plan.uniformScore, cells.folds));
  const main = await drawMain(work, clean, broken);
  const shuffles = {
    main,
    perModality: await drawPerModality(work, clean, broken),
    joint: await drawJointly(work, clean, broken, main),
  };
  const { correctness, corruption } = await runControls(work, clean);
  const ofFolds = examples.folds ? foldFacts(fusion, cells, examples.folds, clean.hits, plan) : null;
  const exchangeable = exchangeFacts(reliability, examples);
  const constantScores = modalities.filter((_, m) => isUnmoved(reliability[m], exchange));
  return {
    facts: {
      modalities,
      scheme: broken.scheme,
      count: shard === undefined ? main.flipped.length : broken.count,
      secondaryCount: plan.permutations.secondaryCount,
      labels,
      clean: Uint8Array.from(labels, (label, i) => Number(clean.predicted[i] === label)),
      uniform: uniform.hits,
      gauges: gauges.map((gauge, g) => gaugeFacts(gauge, clean, ofGauge(uniform.values, g, cells))),
      experts: expertFacts(work, clean, ofFolds),
      constantScores,
      correctness: correctness?.facts ?? null,
      corruption: corruption.map(({ facts }) => facts),
      folds: ofFolds,
      ...(clusters && { clusters }),
      ...(exchangeable && { exchange: exchangeable }),
    },
    draws: {
      ...shuffles,
      correctness: correctness?.draws ?? null,
      corruption: corruption.map(({ draws }) => draws),
    },
    invalid:
      constantScores.length === modalities.length
        ? whyNothingMoves(exchangeable)
        : await replayProblem(fusion),
  };
}

interface Work {
  readonly fusion: FrozenFusion;
  readonly cells: Cells;
  readonly exchange: Exchange;
  readonly yardstick: Yardstick;
  /** Of all metrics; all but the main draws are of the gating one alone. */
  readonly gauges: readonly Gauge[];
  readonly shard: Shard | undefined;
  readonly tally: TallyDraws;
  readonly plan: DiagnosisPlan;
  readonly logger: Logger;
}

/** By the gating metric. */
function examine(work: Work, task: string, replays: number): Examined {
  const { fusion, cells, yardstick, shard, tally, logger } = work;
  const progress = logger.progress(task, replays);
  return { fusion, cells, yardstick, gauges: gatingGauges(work), shard, tally, progress };
}

function gatingGauges({ gauges, plan }: Work): Gauge[] {
  return gauges.filter(({ name }) => name === plan.metric);
}

/** What is known of one set of predictions, by the gating metric. */
function gatingOutcomes(work: Work, { hits, values }: Outcomes): Outcomes {
  return { hits, values: values.slice(0, gatingGauges(work).length * work.cells.folds.names.length) };
}

/** What one of the gauges gives in each fold [F]. @param values [G * F] */
function ofGauge(values: Float64Array, g: number, { folds }: Cells): Float64Array {
  return values.slice(g * folds.names.length, (g + 1) * folds.names.length);
}

function gaugeFacts(gauge: Gauge, { predicted, posteriors }: Measured, uniform: Float64Array): GaugeFacts {
  const units = new Float64Array(gauge.units);
  const clean = gauge.values({ classes: predicted, posteriors }, units);
  return { name: gauge.name, clean, uniform, units };
}

function brokenScores(
  { modalities, reliability }: FrozenFusion,
  { count, scheme, seed, bank }: DiagnosisPlan['permutations'],
  exchange: Exchange,
): BrokenScores {
  return bank
    ? bankedScores(reliability, bank, count)
    : shuffledScores(reliability, modalities, { scheme, count, seed, stream: 'shuffle', ...exchange });
}

/** Of all metrics, with what their intervals are made from. */
async function drawMain(work: Work, clean: Measured, broken: BrokenScores): Promise<MainDraws> {
  const { yardstick, gauges, plan } = work;
  const { stopping } = plan.permutations;
  const isOpen = (draws: MainDraws): boolean => {
    if (stopping) return isUnsettled(yardstick.exceedances(clean, draws), stopping);
    const p = decidingP(yardstick.compare(clean, draws), plan.threshold);
    return p !== undefined && straddles(pInterval(p, draws.flipped.length, yardstick.tries), plan.alpha);
  };
  return drawAll(work, 'shuffles', clean, broken, {
    gauges,
    summed: gauges,
    isOpen,
    batch: stopping && FIRST_BATCH,
  });
}

/** So many draws are made before it is asked whether more are needed. */
const FIRST_BATCH = 50;

/** As long as the scores might help, or might harm. */
function isUnsettled({ atLeast, atMost }: Exceedances, { exceedances }: StoppingRule): boolean {
  return [atLeast, atMost].some((exceeds) => stoppingPoint(exceeds, exceedances) === undefined);
}

/**
 * All draws, and more of our own while `isOpen`: a shard cannot know, as it has but some of them.
 *
 * @param gauges what is taken of each draw
 * @param summed whose units are summed up over the draws
 * @param batch draws that are made before it is asked for the first time; default: all
 */
async function drawAll(
  work: Work,
  task: string,
  clean: Measured,
  broken: BrokenScores,
  {
    gauges,
    summed,
    isOpen,
    batch = Infinity,
  }: {
    readonly gauges: readonly Gauge[];
    readonly summed: readonly Gauge[];
    readonly isOpen: (draws: MainDraws) => boolean;
    readonly batch?: number;
  },
): Promise<MainDraws> {
  const draw = async (what: string, range: DrawRange): Promise<MainDraws> => {
    const examined = { ...examine(work, what, sizeOf(range)), gauges };
    const units = summed.map((gauge) => new Float64Array(gauge.units));
    const draws = await examined.tally(examined, clean.predicted, { broken, range, units });
    examined.progress.done();
    return { ...draws, units };
  };
  const { most = 0, stopping } = work.plan.permutations;
  const first = await draw(task, drawsOf(Math.min(batch, broken.count), work.shard));
  if (batch < broken.count) {
    return drawUntilSettled(first, broken.count, isOpen, (range) => draw(`more ${task}`, range));
  }
  const mayDrawMore = work.shard === undefined && broken.scheme !== 'bank' && stopping === undefined;
  if (!mayDrawMore) return first;
  return drawUntilSettled(first, most, isOpen, (range) => draw(`more ${task}, as p lies near alpha`, range));
}

/** When only one modality's scores are shuffled. */
async function drawPerModality(
  work: Work,
  clean: Measured,
  broken: BrokenScores,
): Promise<DrawnCounts['perModality']> {
  const { modalities } = work.fusion;
  if (modalities.length === 1) return [];
  const range = drawsOf(Math.min(broken.count, work.plan.permutations.secondaryCount), work.shard);
  const examined = examine(work, 'shuffles of one modality', modalities.length * sizeOf(range));
  const perModality: Outcomes[] = [];
  for (const only of modalities.keys()) {
    const draws = await examined.tally(examined, clean.predicted, { broken, range, only });
    perModality.push(outcomesOf(draws));
  }
  examined.progress.done();
  return perModality;
}

/**
 * When a row's scores stay together. Scores that say nothing about the example but agree with each other within a row
 * pass an independent shuffle, which breaks that agreement; they do not pass this one.
 */
async function drawJointly(
  work: Work,
  clean: Measured,
  { scheme }: BrokenScores,
  main: MainDraws,
): Promise<DrawnCounts['joint']> {
  const { modalities, reliability } = work.fusion;
  if (modalities.length === 1 || scheme === 'joint') return null;
  const { secondaryCount: count, seed } = work.plan.permutations;
  const { yardstick, plan, exchange } = work;
  const joint = { scheme: 'joint', count, seed, stream: 'joint', ...exchange } as const;
  const broken = shuffledScores(reliability, modalities, joint);
  const { gap, p } = yardstick.compare(clean, main);
  const hangsOnJoint = gap >= plan.threshold && p.oneSided <= plan.alpha;
  const isOpen = (draws: MainDraws): boolean =>
    hangsOnJoint &&
    straddles(
      pInterval(yardstick.compare(clean, draws).p.oneSided, draws.flipped.length, yardstick.tries),
      plan.alpha,
    );
  const gauges = gatingGauges(work);
  return outcomesOf(await drawAll(work, 'joint shuffles', clean, broken, { gauges, summed: [], isOpen }));
}

async function runControls(work: Work, clean: Measured) {
  const { experts, modalities, reliability } = work.fusion;
  const { scheme, seed, secondaryCount: count } = work.plan.permutations;
  const { reliableWhen, control } = work.plan;
  const { folds } = work.cells;
  const controlPlan: ControlPlan = { scheme, seed, count, ...work.exchange };
  // A shard measures the doses of all corrupted modalities, a whole run those of one.
  const curves = work.shard === undefined ? 2 : 1 + modalities.length;
  const [draws, doses] = [count, DOSE_REPLAYS].map((number) => sizeOf(drawsOf(number, work.shard)));
  const examined = examine(work, 'positive controls', (1 + modalities.length) * draws + curves * doses);
  const levels = reliability.map((scores, m) => levelsOf(scores, control.quantiles, reliableWhen[m], folds));
  const correctness = experts ? await correctnessControl(examined, experts, levels, controlPlan) : null;
  const corruption = await corruptionControl(examined, gatingOutcomes(work, clean), levels, controlPlan);
  examined.progress.done();
  return { correctness, corruption };
}

function expertFacts(
  { fusion, cells, yardstick, plan }: Work,
  clean: Measured,
  folds: FoldFacts | null,
): ExpertFacts | null {
  const { classes, experts, modalities, reliability } = fusion;
  if (experts === undefined) return null;
  const { counted } = yardstick;
  const { labels } = cells;
  const accuracies = accuraciesFor(cells);
  const ofFolds = folds?.experts;
  return {
    experts: Object.fromEntries(
      experts.map((expert, m) => [modalities[m], accuracies(countHits(expert.classes, cells))]),
    ),
    headroom: counted === undefined ? null : headroom(experts, cells, counted, counted.numerator(clean.hits)),
    competitiveness: ofFolds ? competitivenessOver(ofFolds) : competitiveness(experts, labels, classes),
    alignment: ofFolds
      ? alignmentOver(ofFolds, modalities)
      : alignment(reliability, experts, labels, modalities, plan.reliableWhen),
  };
}
