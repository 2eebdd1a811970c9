import { normalQuantile } from '../diagnostic/normal-distribution.ts';
import type { HistoryRecord } from './record-schema.ts';

/** A drop is no chance where a single comparison would come out so in one of two hundred, one-sided. */
const LEVEL = 0.005;
/** Measurements that a level is known from. */
const FEWEST_BEFORE = 3;
/** Older ones say little of what is normal now. */
const MOST = 200;

/** A drop of the gap that has not been made up for. */
export interface Regression {
  /** The first commit of the lower level. */
  readonly since: HistoryRecord;
  /** Mean gap before it, and from it on. */
  readonly before: number;
  readonly after: number;
}

/** One measurement: repetitions of it, where neither model nor data changed, tell nothing new. */
interface Point {
  readonly record: HistoryRecord;
  readonly variance: number;
}

/**
 * Whether the gap has dropped and stayed down, told commit by commit as a year would.
 *
 * The history is cut in two at every place, and the means of the two parts are compared: z = (before - after) /
 * sqrt(mean variance before + mean variance after), with the variances that the records' own intervals say. These are not
 * divided by the number of records: commits are judged on the same examples, so their errors do not average out. That
 * makes the test cautious where errors are independent after all: of simulated years with a new model every working
 * day, fewer than one in five has a drop told of that nothing is behind. A drop is told at z >= 2.58; the gap is back when it has
 * made up for more than half of the drop. A rise by as much starts a new level.
 *
 * @param records of one gate, oldest first
 * @returns undefined where there is no drop, or where it is made up for
 */
export function regressionOf(records: readonly HistoryRecord[]): Regression | undefined {
  const last = regressionsOf(records).at(-1);
  return last?.isOver === false ? last : undefined;
}

/** Every drop that was told of, oldest first, and whether the gap has come back since. */
export function regressionsOf(
  records: readonly HistoryRecord[],
): (Regression & { readonly isOver: boolean })[] {
  const told: (Regression & { isOver: boolean })[] = [];
  let level: Point[] = [];
  for (const point of measurements(records)) {
    const drop = told.at(-1);
    if (drop?.isOver === false) {
      drop.isOver = point.record.gap.value >= (drop.before + drop.after) / 2;
      if (!drop.isOver) continue;
    }
    if (level.length > 0 && level[0].record.metric !== point.record.metric) level = [];
    level = [...level, point].slice(-MOST);
    const change = largestChange(level);
    if (change === undefined) continue;
    const [before, after] = [level.slice(0, change.at), level.slice(change.at)];
    level = change.z > 0 ? before : after;
    if (change.z > 0) told.push({ ...dropBetween(before, after), isOver: false });
  }
  return told;
}

function dropBetween(before: readonly Point[], after: readonly Point[]): Regression {
  return { since: after[0].record, before: mean(before.map(gapOf)), after: mean(after.map(gapOf)) };
}

/** Where the two parts differ most, if by more than chance; z is positive for a drop. */
function largestChange(points: readonly Point[]): { readonly at: number; readonly z: number } | undefined {
  let largest: { at: number; z: number } | undefined;
  for (let at = FEWEST_BEFORE; at < points.length; at++) {
    const [before, after] = [points.slice(0, at), points.slice(at)];
    const spread = Math.sqrt(mean(before.map(varianceOf)) + mean(after.map(varianceOf)));
    const moved = mean(before.map(gapOf)) - mean(after.map(gapOf));
    const z = spread > 0 ? moved / spread : 0;
    if (Math.abs(z) > Math.abs(largest?.z ?? 0)) largest = { at, z };
  }
  return largest !== undefined && Math.abs(largest.z) >= normalQuantile(1 - LEVEL) ? largest : undefined;
}

function measurements(records: readonly HistoryRecord[]): Point[] {
  const valid = records.filter(({ verdict }) => verdict !== 'invalid');
  return valid
    .filter((record, i) => i === 0 || substance(record) !== substance(valid[i - 1]))
    .map((record) => ({ record, variance: variance(record) }));
}

function substance({ model, evaluationSet, metric, gap }: HistoryRecord): string {
  return JSON.stringify([model.sha256, evaluationSet.sha256, metric, gap.value]);
}

/** Of the gap, from the width of its interval. */
function variance({ gap: { lower, upper, confidence } }: HistoryRecord): number {
  const z = normalQuantile(0.5 + confidence / 2);
  return z > 0 && Number.isFinite(z) ? ((upper - lower) / (2 * z)) ** 2 : 0;
}

function gapOf({ record }: Point): number {
  return record.gap.value;
}

function varianceOf(point: Point): number {
  return point.variance;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
