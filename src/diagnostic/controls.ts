import type { ExpertOutputs } from '../model/frozen-fusion.ts';
import { appraise } from './appraisal.ts';
import { headroomsByFold } from './best-of-experts.ts';
import { controlGap } from './conclude-control.ts';
import { measure, type Examined } from './examined.ts';
import { crossed, exchangeUnits, groupOfRows, type Exchange } from './exchange.ts';
import { said } from './gauge.ts';
import { groupsOf, permutationWithin, type Groups } from './groups.ts';
import { oracleHits } from './headroom.ts';
import type { ControlDraws, ControlFacts, CorruptionFacts } from './measurements.ts';
import { outcomesOf, type Outcomes } from './outcomes.ts';
import { measureControl, measureDoses, type Control, type ControlPlan } from './positive-control.ts';
import { exchangeFor, isPartial, type Presentable } from './presence.ts';
import { canTell, scoresFor, type Levels, type Truths } from './truthful-scores.ts';

/**
 * The correctness control: scores that name the experts that are right; of values, the one that is nearest to the truth.
 *
 * Null where no expert differs from another in a way that two levels of score could tell. Without a headroom where the
 * gating metric is not counted by example: a right expert on each does not make the best F1, AUROC or correlation.
 */
export async function correctnessControl(
  examined: Examined,
  experts: ExpertOutputs,
  levels: readonly Levels[],
  plan: ControlPlan,
): Promise<{ facts: ControlFacts; draws: ControlDraws } | null> {
  const truths = correctnessTruths(examined, experts, levels, plan);
  if (truths === null) return null;
  const control: Control = { examined, truths, best: bestOf(experts, examined), stream: 'correctness' };
  const { facts, broken } = await measureControl(control, plan);
  return { facts, draws: { broken, doses: await measureDoses(control, plan) } };
}

/** Which experts are right, as scores can say it; null where none can. */
export function correctnessTruths(
  { fusion, targets }: Pick<Examined, 'fusion' | 'targets'>,
  experts: ExpertOutputs,
  levels: readonly Levels[],
  exchange: Exchange & Pick<ControlPlan, 'scheme'>,
): Truths | null {
  const truth = appraise(experts, targets).map(({ isTrusted }) => isTrusted);
  const tested = truth.flatMap((values, m) =>
    canTell(values, levels[m], exchangeFor(levels, m, exchange)) ? [m] : [],
  );
  return tested.length === 0 ? null : { modalities: fusion.modalities, truth, levels, tested };
}

/** What the best expert of each example reaches; null where no expert is the best on one. */
function bestOf(experts: ExpertOutputs, { targets, cells, yardstick, gauges }: Examined): Outcomes | null {
  if (yardstick.counted) return { hits: oracleHits(experts, cells), values: new Float64Array() };
  if (targets.task === 'classification') return null;
  const found = headroomsByFold(gauges[0].name, targets, cells, experts.map(said), () => 0);
  const oracles = found.flatMap((fold) => fold?.oracle ?? []);
  const isKnown = oracles.length === found.length;
  return isKnown ? { hits: cells.sizes.slice(), values: Float64Array.from(oracles) } : null;
}

interface MeasuredCorruption {
  readonly facts: CorruptionFacts;
  readonly draws: ControlDraws;
}

/**
 * The corruption control: a modality's evidence is another row's on a random half of the rows, and the scores say so.
 *
 * Asked once per modality that has evidence of its own; conclusions are drawn for the modality whose truth the rule used
 * most. A shard cannot know which one that is: it measures the doses of all. All other scores say "trust", as the
 * paper's does.
 *
 * @param clean what the fusion gives on its own evidence, under Clean-Q
 */
export async function corruptionControl(
  examined: Examined,
  clean: Outcomes,
  levels: readonly Levels[],
  plan: ControlPlan,
): Promise<MeasuredCorruption[]> {
  const { fusion, yardstick, shard } = examined;
  const best = await bestOnIntactEvidence(examined, clean, levels);
  const measured: MeasuredCorruption[] = [];
  let strongest: { at: number; gap: number; control: Control } | undefined;
  for (const [m, modality] of fusion.modalities.entries()) {
    const control = await corrupted(examined, m, best, levels, plan);
    if (control === null) continue;
    const { facts, broken } = await measureControl(control, plan);
    const doses = shard === undefined ? null : await measureDoses(control, plan);
    const at = measured.push({ facts: { modality, ...facts }, draws: { broken, doses } }) - 1;
    if (shard !== undefined) continue;
    const gap = controlGap(facts, broken, yardstick);
    if (strongest === undefined || gap > strongest.gap) strongest = { at, gap, control };
  }
  if (strongest === undefined) return measured;
  const { facts, draws } = measured[strongest.at];
  const doses = await measureDoses(strongest.control, plan);
  return measured.with(strongest.at, { facts, draws: { ...draws, doses } });
}

/** What a rule could reach on the corrupted evidence at most is what this one reaches on the intact evidence. */
async function bestOnIntactEvidence(
  examined: Examined,
  clean: Outcomes,
  levels: readonly Levels[],
): Promise<Outcomes> {
  const trusted = new Float64Array(examined.fusion.rows).fill(1);
  const allTrusted = await measure(
    examined,
    levels.map((level) => scoresFor(trusted, level)),
  );
  const { gap } = examined.yardstick.compare(clean, allTrusted);
  return gap > 0 ? clean : outcomesOf(allTrusted);
}

async function corrupted(
  examined: Examined,
  m: number,
  best: Outcomes,
  levels: readonly Levels[],
  plan: ControlPlan,
): Promise<Control | null> {
  const { fusion } = examined;
  const { modalities, rows } = fusion;
  const exchange = exchangeFor(levels, m, plan);
  const lone = loneRows(levels, m, rows);
  // Where there is nothing to trust instead, no score makes up for what is spoilt.
  const isSpared = (row: number): boolean => levels[m].present?.[row] === 0 || lone?.[row] === 1;
  const { intact, source } = corruptHalf(groupsFor(rows, exchange, lone), plan.seed, modalities[m], isSpared);
  if (!canTell(intact, levels[m], exchange)) return null;
  const corruptedFusion = await fusion.withEvidence(m, source);
  if (corruptedFusion === undefined) return null;
  const trusted = new Float64Array(rows).fill(1);
  const truth = modalities.map((_, other) => (other === m ? intact : trusted));
  return {
    examined: { ...examined, fusion: corruptedFusion },
    truths: { modalities, truth, levels, tested: [m] },
    best,
    stream: `corruption/${modalities[m]}`,
  };
}

/** Rows of one pattern whose scores may change places, or whose blocks may, whatever their place in the block. */
function groupsFor(rows: number, exchange: Exchange, lone?: Int32Array): Groups {
  const groups = groupOfRows(exchangeUnits(rows, exchange));
  return groupsOf(rows, crossed([groups, exchange.pattern, lone].filter((of) => of !== undefined)));
}

/** 1 on rows on which no other modality is present [N]; undefined where there are no such rows. */
function loneRows(all: readonly Presentable[], m: number, rows: number): Int32Array | undefined {
  const others = all.filter((_, other) => other !== m);
  if (others.length === 0 || !isPartial(others)) return undefined;
  return Int32Array.from({ length: rows }, (_, row) =>
    Number(others.every(({ present }) => present?.[row] === 0)),
  );
}

interface Halved {
  /** 1 where the evidence is a row's own, else 0 [N]. */
  readonly intact: Float64Array;
  /** Row whose evidence each one gets [N]. */
  readonly source: Uint32Array;
}

/**
 * A random half of the rows of each group that is not spared, each of which gets the evidence of the row after it in that random
 * order.
 */
function corruptHalf(
  groups: Groups,
  seed: number,
  modality: string,
  isSpared: (row: number) => boolean,
): Halved {
  const { rows, starts } = groups;
  const shuffled = permutationWithin(groups, seed, 'corruption/rows', modality);
  const order = rows.map((row) => shuffled[row]);
  const intact = new Float64Array(rows.length).fill(1);
  const source = Uint32Array.from(intact, (_, i) => i);
  for (let group = 0; group + 1 < starts.length; group++) {
    if (isSpared(rows[starts[group]])) continue;
    const half = Math.floor((starts[group + 1] - starts[group]) / 2);
    for (let i = starts[group]; i < starts[group] + half; i++) {
      intact[order[i]] = 0;
      source[order[i]] = order[i + 1];
    }
  }
  return { intact, source };
}
