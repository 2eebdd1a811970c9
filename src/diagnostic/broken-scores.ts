import type { ModalityScores, Reliability } from '../model/frozen-fusion.ts';
import { oneFold } from './cells.ts';
import type { Scheme } from './diagnosis.ts';
import type { Folds } from './examples.ts';
import { exchangeUnits, rearrangement, rowGroups, type Exchange } from './exchange.ts';
import { groupsAmong, shuffleWithin } from './groups.ts';
import { exchangeFor, keepAbsent, presentRows } from './presence.ts';
import type { Key } from './random.ts';
import { shuffledCopies } from './shuffled-copies.ts';

/** Broken-Q: reliability shuffled across examples, one draw after the other. */
export interface BrokenScores {
  readonly scheme: Scheme;
  /** Number of draws K. */
  readonly count: number;
  /**
   * Draw k in 0..count-1. The arrays belong to this object and are overwritten by the next draw.
   *
   * @param only index of the single modality to shuffle; the others stay as given
   */
  draw(k: number, only?: number): Reliability;
  /** Of shuffles drawn by us: what another thread needs to make the same draws. */
  readonly source?: ShuffleSource;
}

/** Plain values and typed arrays. */
export interface ShuffleSource {
  readonly clean: Reliability;
  readonly modalities: readonly string[];
  readonly plan: ShufflePlan;
  /** They go round within their groups, and are not shuffled (see `rotatedScores`). */
  readonly isRotated?: boolean;
}

/** What decides every shuffle: with the draw's number and the modality's name, nothing else does. */
export interface ShufflePlan extends Exchange {
  readonly scheme: 'independent' | 'joint';
  readonly count: number;
  readonly seed: number;
  /** What the shuffles are for: analyses draw from separate streams. */
  readonly stream: string;
}

/**
 * Shuffles drawn by us: `independent` per modality (the paper's choice), or `joint` for a row's whole score vector. What stands
 * where a modality is absent stays there.
 */
export function shuffledScores(
  clean: Reliability,
  modalities: readonly string[],
  plan: ShufflePlan,
): BrokenScores {
  const { scheme, count, seed, stream, within, whole } = plan;
  const shuffles = clean.map((scores, m) => shuffler(scores, exchangeFor(clean, m, plan), scheme));
  const draw: BrokenScores['draw'] = (k, only) =>
    clean.map((scores, m) => {
      if (only !== undefined && only !== m) return scores;
      // The key is all that a shuffle depends on: modalities with one key move together.
      const key = [seed, stream, k, ...(scheme === 'joint' ? [] : [modalities[m]])];
      return { ...scores, values: shuffles[m](...key) };
    });
  return {
    scheme,
    count,
    draw,
    source: { clean, modalities, plan: { scheme, count, seed, stream, within, whole } },
  };
}

/**
 * Shuffles that were drawn elsewhere, such as the paper authors' brokenQ banks.
 *
 * @param bank per modality the scores of all draws, [K * N], one draw after the other
 */
export function bankedScores(clean: Reliability, bank: readonly Float64Array[], count: number): BrokenScores {
  const draw: BrokenScores['draw'] = (k, only) =>
    clean.map((scores, m) => {
      if (only !== undefined && only !== m) return scores;
      const size = scores.values.length;
      const values = bank[m].subarray(k * size, (k + 1) * size);
      if (scores.present === undefined) return { ...scores, values };
      const kept = values.slice();
      keepAbsent(scores.values, kept, scores, scores.width);
      return { ...scores, values: kept };
    });
  return { scheme: 'bank', count, draw };
}

/** Every score replaced by one number, which for the mean is that of the present scores of the fold: No-Q. */
export function uniformScores(
  clean: Reliability,
  score: 'mean' | number,
  folds: Folds = oneFold(clean[0].values.length / clean[0].width),
): Reliability {
  const scores =
    score === 'mean' ? pooledMeans(clean, folds) : new Float64Array(folds.names.length).fill(score);
  return clean.map((one) => {
    const uniform = one.values.map((_, i) => scores[folds.of[Math.floor(i / one.width)]]);
    keepAbsent(one.values, uniform, one, one.width);
    return { ...one, values: uniform };
  });
}

/** Shuffles of one modality's rows: of the key, whatever the width. Each overwrites the one before. */
function shuffler(
  scores: ModalityScores,
  exchange: Exchange,
  scheme: ShufflePlan['scheme'],
): (...key: Key) => Float64Array {
  const { width, values } = scores;
  const isSimple = width === 1 && exchange.whole === undefined;
  const among = rowGroups(exchange);
  if (isSimple && among === undefined) return shuffledCopies(values);
  const target = values.slice();
  if (isSimple) {
    // Joint shuffles move all modalities alike: each has the groups, and so the random numbers, of all.
    const moved = scheme === 'joint' ? {} : scores;
    const groups = groupsAmong(presentRows(moved, values.length), among!);
    if (groups.starts.length === 2) return spreadOut(values, groups.rows, target);
    return (...key) => {
      shuffleWithin(groups, values, target, ...key);
      keepAbsent(values, target, scores, width);
      return target;
    };
  }
  const units = exchangeUnits(values.length / width, exchange);
  return (...key) => {
    gatherRows(scores, rearrangement(units, ...key), target);
    keepAbsent(values, target, scores, width);
    return target;
  };
}

/** Shuffles of the values of some rows, as fast as those of all; the others stay. */
function spreadOut(
  values: Float64Array,
  rows: Uint32Array,
  target: Float64Array,
): (...key: Key) => Float64Array {
  const shuffled = shuffledCopies(Float64Array.from(rows, (row) => values[row]));
  return (...key) => {
    const own = shuffled(...key);
    for (let i = 0; i < rows.length; i++) target[rows[i]] = own[i];
    return target;
  };
}

/** Rows of `scores` in the order given: row i of the target is row `order[i]` of the source. */
function gatherRows({ width, values }: ModalityScores, order: Uint32Array, target: Float64Array): void {
  for (let i = 0; i < order.length; i++) {
    for (let d = 0; d < width; d++) target[i * width + d] = values[order[i] * width + d];
  }
}

/** Over all modalities [F]. */
function pooledMeans(clean: Reliability, folds: Folds): Float64Array {
  const sums = new Float64Array(folds.names.length);
  const counts = new Float64Array(folds.names.length);
  for (const { width, values, present } of clean) {
    values.forEach((value, i) => {
      const row = Math.floor(i / width);
      if (present?.[row] === 0) return;
      const fold = folds.of[row];
      sums[fold] += value;
      counts[fold]++;
    });
  }
  return sums.map((sum, fold) => sum / counts[fold]);
}
