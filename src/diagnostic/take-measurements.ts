import type { Logger } from '../foundation/logger.ts';
import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { ReliableWhen } from './alignment.ts';
import { armsOf } from './arm-scores.ts';
import { measureArms } from './arms.ts';
import { appraise } from './appraisal.ts';
import { bankedScores, shuffledScores, uniformScores, type BrokenScores } from './broken-scores.ts';
import { cellsOf, type Cells } from './cells.ts';
import type { ConclusionPlan } from './conclude.ts';
import { correctnessControl, correctnessTruths, corruptionControl } from './controls.ts';
import { targetsOf, type Examples, type Targets } from './examples.ts';
import { sumExactly } from './exact-sums.ts';
import { measure, type Examined, type Measured, type TallyDraws } from './examined.ts';
import { exchangeFacts, isUnmoved, whyNothingMoves } from './exchange-facts.ts';
import type { Exchange } from './exchange.ts';
import { expertFacts } from './expert-facts.ts';
import { foldFacts } from './fold-facts.ts';
import { gaugesFor, type Gauge } from './gauge.ts';
import { joinDraws } from './join-measurements.ts';
import type {
  ArmFacts,
  DrawnCounts,
  GaugeFacts,
  MainDraws,
  Measurements,
  OneModalityDraws,
} from './measurements.ts';
import { joinOutcomes, outcomesOf, type Outcomes } from './outcomes.ts';
import { decidingP, type Doubling, drawUntilSettled, pInterval, straddles } from './monte-carlo.ts';
import type { Exceedances } from './permutation-test.ts';
import { DOSE_REPLAYS, type ControlPlan } from './positive-control.ts';
import { replayProblem } from './replay-check.ts';
import { stoppingPoint, type StoppingRule } from './sequential.ts';
import { scoreCalibration } from './score-calibration.ts';
import { sliceFacts, slicingFor, type Slicing } from './slices.ts';
import { drawsOf, sizeOf, type DrawRange, type Shard } from './shard.ts';
import { tallyDraws } from './tally-draws.ts';
import { levelsOf, truthfulScores, type Levels } from './truthful-scores.ts';
import { yardstickFor, type Yardstick } from './yardstick.ts';
import type { ArmReason } from './score-findings.ts';

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
 * @param examples N of them: of classes 0..fusion.classes-1, or of values where the fusion gives values
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
  const { clusters, weights } = examples;
  const work = workOn(fusion, examples, plan, logger, { shard, tally });
  const { targets, cells, exchange, gauges } = work;
  const { labels } = targets;
  const broken = brokenScores(fusion, plan.permutations, exchange);

  const clean = await measure(work, reliability);
  const uniform = await measure(work, uniformScores(reliability, plan.uniformScore, cells.folds));
  const slicings = slicingsOf(work, examples, clean);
  const main = await drawMain(work, clean, broken, slicings);
  const shuffles = {
    main,
    perModality: await drawPerModality(work, clean, broken),
    joint: await drawJointly(work, clean, broken, main),
  };
  const exact = await drawExactly(work, clean, broken, main);
  const { correctness, corruption } = await runControls(work, clean);
  const ofFolds = examples.folds ? foldFacts(fusion, work, examples.folds, clean, plan) : null;
  // What changes places in a bank is its own affair.
  const exchangeable =
    broken.scheme === 'bank'
      ? undefined
      : exchangeFacts(reliability, labels.length, examples, plan.permutations.scheme);
  const { scheme } = plan.permutations;
  const constantScores = modalities.filter((_, m) => isUnmoved(reliability, m, { ...exchange, scheme }));
  return {
    facts: {
      modalities,
      scheme: broken.scheme,
      count: shard === undefined ? main.flipped.length : broken.count,
      secondaryCount: plan.permutations.secondaryCount,
      task: targets.task,
      labels,
      clean: Uint8Array.from(labels, (label, i) => Number(clean.predicted.classes[i] === label)),
      uniform: uniform.hits,
      gauges: gauges.map((gauge, g) => gaugeFacts(gauge, clean, ofGauge(uniform.values, g, cells))),
      experts: expertFacts(work, clean, ofFolds),
      constantScores,
      correctness: correctness?.facts ?? null,
      corruption: corruption.map(({ facts }) => facts),
      arms: await runArms(work, clean),
      calibration: calibrationFacts(work),
      folds: ofFolds,
      ...(slicings && { slices: slicings.map((slicing) => sliceFacts(slicing, clean, uniform)) }),
      ...(clusters && { clusters }),
      ...(weights && { weights }),
      ...(exchangeable && { exchange: exchangeable }),
    },
    draws: {
      ...shuffles,
      exact,
      correctness: correctness?.draws ?? null,
      corruption: corruption.map(({ draws }) => draws),
    },
    invalid:
      constantScores.length === modalities.length
        ? whyNothingMoves(exchangeable, reliability)
        : await replayProblem(fusion),
  };
}

/**
 * Goes on where shards stop, which know of their own draws alone: draws more where the p-value of all together lies near alpha.
 *
 * @param found measurements of all shards, of the same fusion, examples and plan
 * @returns what `takeMeasurements` gives where it makes all draws
 * @throws ConfigurationError where a metric cannot be had of this fusion and these labels
 */
export async function takeMore(
  found: Measurements,
  fusion: FrozenFusion,
  examples: Examples,
  plan: DiagnosisPlan,
  logger: Logger,
  { tally = tallyDraws }: DrawOptions = {},
): Promise<Measurements> {
  const work = workOn(fusion, examples, plan, logger, { tally });
  const broken = brokenScores(fusion, plan.permutations, work.exchange);
  const clean = await measure(work, fusion.reliability);
  const main = await drawMain(work, clean, broken, slicingsOf(work, examples, clean), found.draws.main);
  const joint = await drawJointly(work, clean, broken, main, found.draws.joint);
  const count = main.flipped.length;
  return { ...found, facts: { ...found.facts, count }, draws: { ...found.draws, main, joint } };
}

interface Work {
  readonly fusion: FrozenFusion;
  readonly targets: Targets;
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

function workOn(
  fusion: FrozenFusion,
  examples: Examples,
  plan: DiagnosisPlan,
  logger: Logger,
  { shard, tally = tallyDraws }: DrawOptions,
): Work {
  const { clusters, within, whole, weights } = examples;
  const targets = targetsOf(examples, fusion.classes);
  const cells = cellsOf(targets.labels, targets.classes, examples.folds, weights);
  const names = [plan.metric, ...plan.metrics];
  const gauges = gaugesFor(names, fusion, { targets, cells }, plan.permutations.seed, clusters);
  const yardstick = yardstickFor(plan.metric, cells);
  const exchange: Exchange = { within, whole };
  return { fusion, targets, cells, exchange, yardstick, gauges, shard, tally, plan, logger };
}

function slicingsOf(work: Work, { slices, clusters }: Examples, clean: Measured): Slicing[] | undefined {
  const { seed } = work.plan.permutations;
  const [gating] = gatingGauges(work);
  return slices?.map((column) => slicingFor(column, gating, work, clean, { seed, clusters }));
}

/** By the gating metric. */
function examine(work: Work, task: string, replays: number): Examined {
  const { fusion, targets, cells, yardstick, shard, tally, logger } = work;
  const progress = logger.progress(task, replays);
  return { fusion, targets, cells, yardstick, gauges: gatingGauges(work), shard, tally, progress };
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

function gaugeFacts(gauge: Gauge, { predicted }: Measured, uniform: Float64Array): GaugeFacts {
  const { name, grain, rows } = gauge;
  const units = new Float64Array(gauge.units);
  const clean = gauge.values(predicted, units);
  return { name, clean, uniform, grain, ...(rows && { rows }), units };
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

/**
 * Of all metrics, with what their intervals are made from.
 *
 * @param found draws that were made elsewhere. Default: none
 */
async function drawMain(
  work: Work,
  clean: Measured,
  broken: BrokenScores,
  slices?: readonly Slicing[],
  found?: MainDraws,
): Promise<MainDraws> {
  const { yardstick, gauges, plan } = work;
  const { stopping } = plan.permutations;
  const isOpen = (draws: MainDraws): boolean => {
    if (stopping) return isUnsettled(yardstick.exceedances(clean, draws), stopping);
    const p = decidingP(yardstick.compare(clean, draws), plan.threshold);
    return p !== undefined && straddles(pInterval(p, draws.flipped.length, yardstick.tries), plan.alpha);
  };
  const draw = async (task: string, range: DrawRange): Promise<MainDraws> => {
    const examined = { ...examine(work, task, sizeOf(range)), gauges };
    const units = gauges.map((gauge) => new Float64Array(gauge.units));
    const draws = await examined.tally(examined, clean.predicted, { broken, range, units, slices });
    examined.progress.done();
    return { ...draws, units };
  };
  const batch = stopping && FIRST_BATCH;
  return drawAll(work, 'shuffles', broken, { draw, isOpen, join: joinDraws, batch }, found);
}

/** So many draws are made before it is asked whether more are needed. */
const FIRST_BATCH = 50;

/** As long as the scores might help, or might harm. */
function isUnsettled({ atLeast, atMost }: Exceedances, { exceedances }: StoppingRule): boolean {
  return [atLeast, atMost].some((exceeds) => stoppingPoint(exceeds, exceedances) === undefined);
}

/** How draws of one kind are made, and when there are enough of them. */
interface Drawing<Drawn> extends Pick<Doubling<Drawn>, 'isOpen' | 'join'> {
  /** @param task what progress calls it */
  readonly draw: (task: string, range: DrawRange) => Promise<Drawn>;
  /** Draws that are made before it is asked for the first time. Default: all. */
  readonly batch?: number;
}

/**
 * All draws, and more of our own while `isOpen`: a shard cannot know, as it has but some of them.
 *
 * @param found all draws, where they were made elsewhere
 */
async function drawAll<Drawn extends Outcomes>(
  { plan, shard, cells }: Work,
  task: string,
  broken: BrokenScores,
  { draw, isOpen, join, batch = Infinity }: Drawing<Drawn>,
  found?: Drawn,
): Promise<Drawn> {
  const { most = 0, stopping } = plan.permutations;
  const first = found ?? (await draw(task, drawsOf(Math.min(batch, broken.count), shard)));
  const settled = (until: number, what: string): Promise<Drawn> =>
    drawUntilSettled(first, {
      most: until,
      made: ({ hits }) => hits.length / cells.sizes.length,
      isOpen,
      drawMore: (range) => draw(what, range),
      join,
    });
  if (batch < broken.count) return settled(broken.count, `more ${task}`);
  const mayDrawMore = shard === undefined && broken.scheme !== 'bank' && stopping === undefined;
  return mayDrawMore ? settled(most, `more ${task}, as p lies near alpha`) : first;
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
  const perModality: OneModalityDraws[] = [];
  for (const only of modalities.keys()) {
    const units = examined.gauges.map((gauge) => new Float64Array(gauge.units));
    const draws = await examined.tally(examined, clean.predicted, { broken, range, only, units });
    perModality.push({ ...outcomesOf(draws), right: draws.right.slice(), units });
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
  found?: DrawnCounts['joint'],
): Promise<DrawnCounts['joint']> {
  const { modalities, reliability } = work.fusion;
  if (modalities.length === 1 || scheme === 'joint') return null;
  const { secondaryCount: count, seed } = work.plan.permutations;
  const { yardstick, plan, exchange, cells } = work;
  const joint = { scheme: 'joint', count, seed, stream: 'joint', ...exchange } as const;
  const broken = shuffledScores(reliability, modalities, joint);
  const { gap, p } = yardstick.compare(clean, main);
  const hangsOnJoint = gap >= plan.threshold && p.oneSided <= plan.alpha;
  const isOpen = (draws: Outcomes): boolean => {
    const { p } = yardstick.compare(clean, draws);
    const drawn = draws.hits.length / cells.sizes.length;
    return hangsOnJoint && straddles(pInterval(p.oneSided, drawn, yardstick.tries), plan.alpha);
  };
  const draw = async (task: string, range: DrawRange): Promise<Outcomes> => {
    const examined = examine(work, task, sizeOf(range));
    const draws = await examined.tally(examined, clean.predicted, { broken, range });
    examined.progress.done();
    return outcomesOf(draws);
  };
  return drawAll(work, 'joint shuffles', broken, { draw, isOpen, join: joinOutcomes }, found ?? undefined);
}

/** What the means over all shuffles follow from, where they can be had: as dear as the shuffles, and no dearer. */
function drawExactly(
  work: Work,
  clean: Measured,
  { scheme, count }: BrokenScores,
  main: MainDraws,
): Promise<DrawnCounts['exact']> {
  const { fusion, exchange, gauges, plan, shard } = work;
  const { stopping, secondaryCount } = plan.permutations;
  const drawn = {
    main: stopping ? main.flipped.length : count,
    single: Math.min(count, secondaryCount),
    joint: secondaryCount,
  };
  const { metric, metrics } = plan;
  const begin = (task: string, replays: number): Examined => examine(work, task, replays);
  return sumExactly(
    { fusion, exchange, scheme, metric, metrics, gauges, drawn, shard, begin },
    clean.predicted,
  );
}

async function runControls(work: Work, clean: Measured) {
  const { experts, modalities } = work.fusion;
  const { scheme, seed, secondaryCount: count } = work.plan.permutations;
  const controlPlan: ControlPlan = { scheme, seed, count, ...work.exchange };
  // A shard measures the doses of all corrupted modalities, a whole run those of one.
  const curves = work.shard === undefined ? 2 : 1 + modalities.length;
  const [draws, doses] = [count, DOSE_REPLAYS].map((number) => sizeOf(drawsOf(number, work.shard)));
  const examined = examine(work, 'positive controls', (1 + modalities.length) * draws + curves * doses);
  const levels = levelsIn(work);
  const correctness = experts ? await correctnessControl(examined, experts, levels, controlPlan) : null;
  const corruption = await corruptionControl(examined, gatingOutcomes(work, clean), levels, controlPlan);
  examined.progress.done();
  return { correctness, corruption };
}

/** What truthful scores are made of. */
function levelsIn({ fusion, plan: { control, reliableWhen }, cells: { folds } }: Work): Levels[] {
  return fusion.reliability.map((scores, m) => levelsOf(scores, control.quantiles, reliableWhen[m], folds));
}

/** Every shard measures all arms: they are few, and no shuffles. */
async function runArms(work: Work, clean: Measured): Promise<ArmFacts[]> {
  const { fusion, cells, plan } = work;
  const planned = armsOf({
    clean: fusion.reliability,
    modalities: fusion.modalities,
    reliableWhen: plan.reliableWhen,
    uniformScore: plan.uniformScore,
    folds: cells.folds,
    truthful: oracleScores(work),
  });
  const examined = examine(work, 'other scores', planned.length);
  const arms = await measureArms(examined, clean, planned);
  examined.progress.done();
  return arms;
}

function oracleScores(work: Work): Reliability | ArmReason {
  const { experts } = work.fusion;
  if (experts === undefined) return 'no experts';
  const exchange = { ...work.exchange, scheme: work.plan.permutations.scheme };
  const truths = correctnessTruths(work, experts, levelsIn(work), exchange);
  return truths === null ? 'no truth that scores could tell' : truthfulScores(truths);
}

function calibrationFacts({ fusion, targets, plan }: Work): Measurements['facts']['calibration'] {
  const { experts, modalities, reliability } = fusion;
  if (experts === undefined) return null;
  const { reliableWhen } = plan;
  const of = { task: targets.task, reliableWhen };
  return scoreCalibration(reliability, appraise(experts, targets), modalities, of);
}
