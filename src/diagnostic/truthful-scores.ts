import type { ModalityScores, Reliability } from '../model/frozen-fusion.ts';
import type { ReliableWhen } from './alignment.ts';
import type { ShufflePlan } from './broken-scores.ts';
import { oneFold, rowsByFold } from './cells.ts';
import type { Folds } from './examples.ts';
import { groupsOf, isConstantWithin, permutationWithin, type Groups } from './groups.ts';
import { quantile } from './quantile.ts';
import { permutation, type Key } from './random.ts';
import { mean } from './spread.ts';

/** The two values that a truthful score takes, per fold and component of the score [F * width]. */
export interface Levels {
  readonly trusted: Float64Array;
  readonly distrusted: Float64Array;
  /** Default: all rows are one fold. */
  readonly folds?: Folds;
}

/**
 * A modality's own high and low quantile in each fold, so that the frozen rule stays in the range of scores it knows.
 *
 * Where most scores are the same and both quantiles fall on that value, the extremes stand in for them.
 */
export function levelsOf(
  { width, values }: ModalityScores,
  [low, high]: readonly [number, number],
  reliableWhen: ReliableWhen,
  folds?: Folds,
): Levels {
  const lows: number[] = [];
  const highs: number[] = [];
  for (const rows of rowsByFold(folds ?? oneFold(values.length / width))) {
    for (let d = 0; d < width; d++) {
      const component = Float64Array.from(rows, (row) => values[row * width + d]).sort();
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
  };
}

/** Scores that say of each row whether to trust it. @param truth [N], 1 to trust and 0 not to */
export function scoresFor(truth: Float64Array, levels: Levels): ModalityScores {
  const { trusted, distrusted, folds } = levels;
  const width = trusted.length / (folds?.names.length ?? 1);
  const values = new Float64Array(truth.length * width);
  for (let i = 0; i < truth.length; i++) {
    const level = truth[i] === 1 ? trusted : distrusted;
    for (let d = 0; d < width; d++) values[i * width + d] = level[(folds ? folds.of[i] * width : 0) + d];
  }
  return { width, values };
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
 * Scores that are truthful on a share `dose` of the rows, a different random set per modality and repeat, and shuffled
 * among the rest, within groups where there are any. Sets of the same repeat are nested: more dose never takes a truth away.
 */
export function mixedScores(
  truths: Truths,
  dose: number,
  repeat: number,
  { seed, stream, scheme, within }: Omit<ShufflePlan, 'count'>,
): { scores: Reliability; auroc: number } {
  const aurocs: number[] = [];
  const scores = truths.truth.map((truth, m) => {
    if (!truths.tested.includes(m)) return scoresFor(truth, truths.levels[m]);
    const whose = scheme === 'joint' ? '' : truths.modalities[m];
    const order = permutation(truth.length, seed, stream, 'dose', repeat, whose);
    const rest = order.subarray(Math.round(dose * truth.length));
    const groups = groupsOf(rest.length, within && Int32Array.from(rest, (row) => within[row]));
    const mixed = mixTruth(truth, rest, groups, [seed, stream, 'dose', repeat, whose, dose]);
    aurocs.push(aurocOfMarks(mixed, truth, truths.levels[m].folds));
    return scoresFor(mixed, truths.levels[m]);
  });
  return { scores, auroc: aurocs.reduce((sum, area) => sum + area, 0) / aurocs.length };
}

/** `truth` with the values of the rows `rest` shuffled among themselves, within groups of their places in it. */
function mixTruth(truth: Float64Array, rest: Uint32Array, groups: Groups, key: Key): Float64Array {
  const mixed = truth.slice();
  const shuffled = permutationWithin(groups, ...key);
  for (let i = 0; i < rest.length; i++) mixed[rest[i]] = truth[rest[shuffled[i]]];
  return mixed;
}

/**
 * `auroc` of marks that are 1 or 0, without ranks: pairs in the right order, and half of those that tie. The mean over the
 * folds that have both kinds of rows.
 */
function aurocOfMarks(mark: Float64Array, positive: Float64Array, folds = oneFold(mark.length)): number {
  const counts = folds.names.map(() => ({ rows: 0, positives: 0, marked: 0, both: 0 }));
  for (let i = 0; i < mark.length; i++) {
    const ofFold = counts[folds.of[i]];
    ofFold.rows++;
    ofFold.positives += positive[i];
    ofFold.marked += mark[i];
    ofFold.both += mark[i] * positive[i];
  }
  const telling = counts.filter(({ rows, positives }) => positives > 0 && positives < rows);
  return mean(
    telling.map(({ rows, positives, marked, both }) => {
      const negatives = rows - positives;
      const falselyMarked = marked - both;
      const ordered = both * (negatives - falselyMarked);
      const tied = both * falselyMarked + (positives - both) * (negatives - falselyMarked);
      return (ordered + tied / 2) / (positives * negatives);
    }),
  );
}

/** Truths that take both values within some group can be told; constant ones cannot be shuffled. */
export function canTell(truth: Float64Array, levels: Levels, within?: Int32Array): boolean {
  const differs = levels.trusted.some((value, d) => value !== levels.distrusted[d]);
  return differs && !isConstantWithin(truth, groupsOf(truth.length, within));
}
