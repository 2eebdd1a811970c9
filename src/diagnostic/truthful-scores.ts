import type { ModalityScores, Reliability } from '../model/frozen-fusion.ts';
import type { ReliableWhen } from './alignment.ts';
import type { ShufflePlan } from './broken-scores.ts';
import { oneFold, rowsByFold } from './cells.ts';
import type { Folds } from './examples.ts';
import { exchangeUnits, moveUnit, unmovedGroups, type Exchange, type ExchangeUnits } from './exchange.ts';
import { groupsOf, permutationWithin } from './groups.ts';
import { exchangeFor, keepAbsent, presentCount, wherePresent, zeroWhereAbsent } from './presence.ts';
import { quantile } from './quantile.ts';
import { permutation } from './random.ts';
import { mean } from './spread.ts';

/** The two values that a truthful score takes, per fold and component of the score [F * width]. */
export interface Levels {
  readonly trusted: Float64Array;
  readonly distrusted: Float64Array;
  /** Default: all rows are one fold. */
  readonly folds?: Folds;
  /** Where the modality is present [N]; elsewhere stays what was `given` [N * width]. Default: on every row. */
  readonly present?: Uint8Array;
  readonly given?: Float64Array;
}

/**
 * A modality's own high and low quantile, of its present scores in each fold, so that the frozen rule stays in the range of scores it knows.
 *
 * Where most scores are the same and both quantiles fall on that value, the extremes stand in for them.
 */
export function levelsOf(
  { width, values, present }: ModalityScores,
  [low, high]: readonly [number, number],
  reliableWhen: ReliableWhen,
  folds?: Folds,
): Levels {
  const lows: number[] = [];
  const highs: number[] = [];
  for (const all of rowsByFold(folds ?? oneFold(values.length / width))) {
    const rows = present ? all.filter((row) => present[row] === 1) : all;
    for (let d = 0; d < width; d++) {
      let component = Float64Array.from(rows, (row) => values[row * width + d]).sort();
      // Of a fold in which the modality is nowhere present, nobody asks.
      if (component.length === 0) component = Float64Array.of(0);
      const [q0, q1] = [quantile(component, low), quantile(component, high)];
      const isOne = q0 === q1;
      lows.push(isOne ? component[0] : q0);
      highs.push(isOne ? component[component.length - 1] : q1);
    }
  }
  const [trusted, distrusted] = reliableWhen === 'high' ? [highs, lows] : [lows, highs];
  return {
    trusted: Float64Array.from(trusted),
    distrusted: Float64Array.from(distrusted),
    ...(folds && { folds }),
    ...(present && { present, given: values }),
  };
}

/** Scores that say of each row whether to trust it. @param truth [N], 1 to trust and 0 not to */
export function scoresFor(truth: Float64Array, levels: Levels): ModalityScores {
  const { trusted, distrusted, folds, present, given } = levels;
  const width = trusted.length / (folds?.names.length ?? 1);
  const values = new Float64Array(truth.length * width);
  for (let i = 0; i < truth.length; i++) {
    const level = truth[i] === 1 ? trusted : distrusted;
    for (let d = 0; d < width; d++) values[i * width + d] = level[(folds ? folds.of[i] * width : 0) + d];
  }
  if (given) keepAbsent(given, values, { present }, width);
  return { width, values, ...(present && { present }) };
}

/** Truths [N] per modality, and what turns them into scores. Truths of modalities that cannot tell are left as they are. */
export interface Truths {
  readonly modalities: readonly string[];
  readonly truth: readonly Float64Array[];
  readonly levels: readonly Levels[];
  /** Index of the modalities whose truth is under test. */
  readonly tested: readonly number[];
}

export function truthfulScores({ truth, levels }: Truths): Reliability {
  return truth.map((values, m) => scoresFor(values, levels[m]));
}

/**
 * Scores that are truthful on a share `dose` of the rows (or blocks, where those change places), a different random set per
 * modality and repeat, and shuffled among the rest. Sets of the same repeat are nested: more dose never takes a truth away.
 */
export function mixedScores(
  truths: Truths,
  dose: number,
  repeat: number,
  { seed, stream, scheme, ...exchange }: Omit<ShufflePlan, 'count'>,
): { scores: Reliability; auroc: number } {
  const aurocs: number[] = [];
  const scores = truths.truth.map((truth, m) => {
    if (!truths.tested.includes(m)) return scoresFor(truth, truths.levels[m]);
    const units = exchangeUnits(truth.length, exchangeFor(truths.levels, m, { ...exchange, scheme }));
    const whose = scheme === 'joint' ? '' : truths.modalities[m];
    const order = permutation(units.groupOf.length, seed, stream, 'dose', repeat, whose);
    const rest = order.subarray(Math.round(dose * order.length));
    const among = groupsOf(
      rest.length,
      Int32Array.from(rest, (unit) => units.groupOf[unit]),
    );
    const mixed = truth.slice();
    permutationWithin(among, seed, stream, 'dose', repeat, whose, dose).forEach((from, to) => {
      moveUnit(units.members, rest[from], rest[to], (source, target) => (mixed[target] = truth[source]));
    });
    aurocs.push(aurocOfMarks(wherePresent(mixed, truths.levels[m]), wherePresent(truth, truths.levels[m])));
    return scoresFor(mixed, truths.levels[m]);
  });
  return { scores, auroc: mean(aurocs) };
}

/** The mean over all rearrangements, and over the modalities under test, of the AUROC that a truthful score has when it is moved. */
export function chanceAuroc(
  { truth, tested, levels }: Truths,
  { scheme = 'independent', ...exchange }: Exchange & Partial<Pick<ShufflePlan, 'scheme'>>,
): number {
  return mean(
    tested.map((m) => {
      const rows = truth[m].length;
      const units = exchangeUnits(rows, exchangeFor(levels, m, { ...exchange, scheme }));
      const known = zeroWhereAbsent(truth[m], levels[m]);
      const positives = known.reduce((sum, value) => sum + value, 0);
      const both = meanAgreement(known, units);
      return aurocOfCounts({ rows: presentCount(levels[m], rows), positives, marked: positives, both });
    }),
  );
}

/** Mean number of positive rows that are marked too: of n that change places, p of them positive, each is with probability p / n. */
function meanAgreement(truth: Float64Array, { members, among }: ExchangeUnits): number {
  let sum = 0;
  for (let group = 0; group + 1 < among.starts.length; group++) {
    const units = among.rows.subarray(among.starts[group], among.starts[group + 1]);
    if (units.length === 0) continue;
    const size = members.starts[units[0] + 1] - members.starts[units[0]];
    for (let at = 0; at < size; at++) {
      const positives = units.reduce((n, unit) => n + truth[members.rows[members.starts[unit] + at]], 0);
      sum += positives ** 2 / units.length;
    }
  }
  return sum;
}

/** `auroc` of marks that are 1 or 0, without ranks: pairs in the right order, and half of those that tie. */
function aurocOfMarks(mark: Float64Array, positive: Float64Array): number {
  let positives = 0;
  let marked = 0;
  let both = 0;
  for (let i = 0; i < mark.length; i++) {
    positives += positive[i];
    marked += mark[i];
    both += mark[i] * positive[i];
  }
  return aurocOfCounts({ rows: mark.length, positives, marked, both });
}

/** @param counts rows in all, those that are positive, those that are marked so, and those that are both */
function aurocOfCounts({
  rows,
  positives,
  marked,
  both,
}: Record<'rows' | 'positives' | 'marked' | 'both', number>): number {
  const negatives = rows - positives;
  const falselyMarked = marked - both;
  const ordered = both * (negatives - falselyMarked);
  const tied = both * falselyMarked + (positives - both) * (negatives - falselyMarked);
  return (ordered + tied / 2) / (positives * negatives);
}

/** Truths can be told where a shuffle can change them: where both values change places. */
export function canTell(truth: Float64Array, levels: Levels, exchange: Exchange = {}): boolean {
  const differs = levels.trusted.some((value, d) => value !== levels.distrusted[d]);
  const units = exchangeUnits(truth.length, exchange);
  return (
    differs && unmovedGroups({ width: 1, values: zeroWhereAbsent(truth, levels) }, units).includes(false)
  );
}
