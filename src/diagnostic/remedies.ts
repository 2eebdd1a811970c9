import { advantagesOf, type Advantages } from './advantages.ts';
import { jackknifeError, type Interval } from './bootstrap-interval.ts';
import { cellsIn, countWhere, type Cells } from './cells.ts';
import type { ConclusionPlan } from './conclude.ts';
import { studentInterval } from './dose-interval.ts';
import { intervalBy, resampleGaps, type IntervalPlan } from './gap-interval.ts';
import { holm } from './holm.ts';
import type { ArmFacts, Measurements, MetricMeasurements } from './measurements.ts';
import type { Outcomes } from './outcomes.ts';
import type { ResampledMean } from './resampled-means.ts';
import { yardstickFor, type Yardstick } from './yardstick.ts';
import type { ArmName, ChangeName, ArmResult, ScoreEffect, Remedy, Remedies } from './score-findings.ts';

/** What all of this is made from: one or several sets of predictions, held against Clean-Q. */
type Against = MetricMeasurements['draws']['main'];

/**
 * Arms, the effect of each score and what could be done about it: paired with Clean-Q example by example, so that their
 * intervals cost no inference. All share every resample.
 *
 * @param clean outcomes of Clean-Q
 */
export function concludeRemedies(
  { facts, draws }: Measurements,
  clean: Outcomes,
  plan: ConclusionPlan,
): {
  readonly arms: ArmResult[];
  readonly scoreEffects: Record<string, ScoreEffect>;
  readonly remedies: Remedies;
} {
  const cells = cellsIn(facts);
  const yardstick = yardstickFor(plan.metric, cells);
  const shuffled: readonly Against[] = facts.modalities.length === 1 ? [draws.main] : draws.perModality;
  const fed = facts.arms.map((arm) =>
    arm.found === null ? null : againstClean(arm.found, facts.clean, cells),
  );
  const all = [...shuffled, ...fed.filter((against) => against !== null)];
  const gaps = resampleAgainst(all, { facts, clean, yardstick, cells, plan });
  const ofFed = new Map(
    fed
      .flatMap((against, a) => (against === null ? [] : [[a, against] as const]))
      .map(([a, against], i) => [
        a,
        { value: yardstick.values(against)[0], mean: gaps[shuffled.length + i] },
      ]),
  );
  const effects = shuffled.map((against, m) => {
    const stopping = facts.modalities.length === 1 ? plan.permutations.stopping : undefined;
    const { p } = yardstick.compare(clean, against, stopping);
    return { gap: withInterval(gaps[m], plan.interval), p: p.twoSided };
  });
  return {
    arms: facts.arms.flatMap((arm, a) => armResult(arm, ofFed.get(a), plan.interval) ?? []),
    scoreEffects: effectsOf(facts.modalities, effects, plan.alpha),
    remedies: remediesOf(facts.arms, ofFed, plan.interval),
  };
}

/** What an arm gave, as if it were the only shuffle. */
function againstClean(
  { changed, values, units }: NonNullable<ArmFacts['found']>,
  clean: Uint8Array,
  cells: Cells,
): Against {
  const right = Uint32Array.from(clean);
  for (const row of changed) right[row] = 1 - right[row];
  return { hits: countWhere(cells, (i) => right[i] === 1), values, right, units };
}

/** The gap of Clean-Q over the mean of each, and what it would be with other examples. */
interface Gap extends ResampledMean {
  readonly gap: number;
}

function resampleAgainst(
  all: readonly Against[],
  {
    facts,
    clean,
    yardstick,
    cells,
    plan: { metric, interval, permutations },
  }: {
    readonly facts: Measurements['facts'];
    readonly clean: Outcomes;
    readonly yardstick: Yardstick;
    readonly cells: Cells;
    readonly plan: ConclusionPlan;
  },
): Gap[] {
  const found = all.map((main): { gap: number; advantages: Advantages } => {
    const { gap } = yardstick.compare(clean, main);
    const count = main.hits.length / cells.sizes.length;
    return { gap, advantages: advantagesOf(metric, { facts: { ...facts, count }, draws: { main } }, gap) };
  });
  const { seed } = permutations;
  const { clusters } = facts;
  const { resamples } = interval;
  const means = resampleGaps(
    found.map(({ advantages }) => advantages),
    cells,
    { resamples, seed, clusters },
  );
  return means.map((mean, i) => ({ ...mean, gap: found[i].gap }));
}

function withInterval(mean: Gap, { method, confidence }: IntervalPlan): ScoreEffect['gap'] {
  return { value: mean.gap, ...intervalBy(method, mean, confidence) };
}

interface Fed {
  readonly value: number;
  readonly mean: Gap;
}

function armResult(
  { name, modality, leftOut }: ArmFacts,
  fed: Fed | undefined,
  plan: IntervalPlan,
): ArmResult | null {
  if (modality !== null) return null;
  const found = fed ? { value: fed.value, gap: withInterval(fed.mean, plan) } : null;
  return { name: name as ArmName, found, leftOut };
}

function effectsOf(
  modalities: readonly string[],
  effects: readonly Pick<ScoreEffect, 'gap' | 'p'>[],
  alpha: number,
): Record<string, ScoreEffect> {
  const adjusted = holm(effects.map(({ p }) => p));
  return Object.fromEntries(
    effects.map((effect, m): [string, ScoreEffect] => {
      const isSure = adjusted[m] <= alpha && effect.gap.value !== 0;
      const finding = isSure ? (effect.gap.value > 0 ? 'helps' : 'hurts') : 'unclear';
      return [modalities[m], { ...effect, adjustedP: adjusted[m], finding }];
    }),
  );
}

/** Fewest resamples beyond either end of an interval that percentiles can tell. */
const FEWEST_BEYOND = 1;

/** The best of several is chosen on the very examples that it is measured on: each interval is wide enough for all (Bonferroni). */
function remediesOf(arms: readonly ArmFacts[], fed: ReadonlyMap<number, Fed>, plan: IntervalPlan): Remedies {
  const changes = arms.flatMap((arm, a) => {
    const change = changeOf(arm);
    return change === undefined ? [] : [{ arm, change, fed: fed.get(a) }];
  });
  const count = changes.filter((change) => change.fed !== undefined).length;
  const confidence = 1 - (1 - plan.confidence) / Math.max(1, count);
  const tried = changes.map(({ arm: { modality, leftOut }, change, fed: of }): Remedy => {
    const about = { modality, change };
    if (of === undefined) return { ...about, found: null, leftOut };
    const { lower, upper } = adjustedInterval(of.mean, plan, confidence);
    const gain = { value: negative(of.mean.gap), lower: negative(upper), upper: negative(lower) };
    return { ...about, found: { value: of.value, gain, isBetter: gain.lower > 0 }, leftOut: null };
  });
  const rank = ({ found }: Remedy): number => found?.gain.value ?? -Infinity;
  return { confidence, tried: tried.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a))) };
}

/** All scores held at their means are the constant arm, which a single modality has among its own changes. */
function changeOf({ name, modality, leftOut }: ArmFacts): ChangeName | undefined {
  if (modality !== null) return name as ChangeName;
  return name === 'constant' && leftOut !== 'the same as uniform' ? 'drop' : undefined;
}

/**
 * The bootstrap's interval and Student's by the jackknife, together. A change touches few examples, often: where it is for the
 * better on the six that it turns, no resample knows that it may be for the worse on others, and Student does. Where resamples
 * are too few for such a confidence, Student's alone.
 */
function adjustedInterval(mean: Gap, { method, resamples }: IntervalPlan, confidence: number): Interval {
  const degreesOfFreedom = Math.max(1, mean.leftOut.length - 1);
  const student = studentInterval(mean.gap, jackknifeError(mean), { confidence, degreesOfFreedom });
  if ((resamples * (1 - confidence)) / 2 < FEWEST_BEYOND) return student;
  const { lower, upper } = intervalBy(method, mean, confidence);
  return { lower: Math.min(lower, student.lower), upper: Math.max(upper, student.upper) };
}

/** Without a minus before a zero. */
function negative(value: number): number {
  return value === 0 ? 0 : -value;
}
