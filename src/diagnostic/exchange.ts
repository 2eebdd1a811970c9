import type { Reliability } from '../model/frozen-fusion.ts';
import { groupsOf, permutationWithin, type Groups } from './groups.ts';
import type { Key } from './random.ts';

/**
 * Which scores may change places: the exchangeability that a permutation test rests on (Winkler et al. 2014 and 2015,
 * "Multi-level block permutation"). Plain data.
 */
export interface Exchange {
  /** Group of each row [N], numbers from 0: no score leaves its group. Default: all rows are one group. */
  readonly within?: Int32Array;
  /**
   * Block of each row [N], numbers from 0: blocks of one group that have as many rows change places as wholes, the first row
   * with the first, the second with the second. Default: single rows change places.
   */
  readonly whole?: Int32Array;
  /**
   * Pattern of presence of each row [N], numbers from 0: rows change places with those of the same, and blocks with those that
   * have the same on each of their rows. Default: one for all.
   */
  readonly pattern?: Int32Array;
}

/** What changes places, rows or blocks, and with whom. */
export interface ExchangeUnits {
  /** Rows of each unit; row i is unit i where rows change places. */
  readonly members: Groups;
  /** Group of each unit [U]. */
  readonly groupOf: Int32Array;
  /** Units of each group. */
  readonly among: Groups;
}

/** @param rows how many there are, N */
export function exchangeUnits(rows: number, { within, whole, pattern }: Exchange): ExchangeUnits {
  if (whole === undefined) {
    const identity = Uint32Array.from({ length: rows + 1 }, (_, row) => row);
    const members = { rows: identity.subarray(0, rows), starts: identity };
    const groups = rowGroups({ within, pattern });
    return { members, groupOf: groups ?? new Int32Array(rows), among: groupsOf(rows, groups) };
  }
  const members = groupsOf(rows, crossed([whole, ...(within ? [within] : [])]));
  const { rows: order, starts } = members;
  const sizes = Int32Array.from(starts.subarray(1), (end, unit) => end - starts[unit]);
  const groupOf = crossed([
    sizes,
    ...(within ? [sizes.map((_, unit) => within[order[starts[unit]]])] : []),
    ...(pattern ? [unitPatterns(members, pattern)] : []),
  ]);
  return { members, groupOf, among: groupsOf(groupOf.length, groupOf) };
}

/** Groups of rows that may change places one by one; undefined where all are one. */
export function rowGroups({ within, pattern }: Exchange): Int32Array | undefined {
  return within && pattern ? crossed([within, pattern]) : (within ?? pattern);
}

/** A number for each unit, the same for those that have the same patterns row by row [U]. */
function unitPatterns({ rows, starts }: Groups, pattern: Int32Array): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(starts.subarray(1), (end, unit) => {
    const key = Array.from(rows.subarray(starts[unit], end), (row) => pattern[row]).join();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/** Group numbers from 0, in order of first appearance: rows are in one group where they are in all groupings. */
export function crossed(groupings: readonly Int32Array[]): Int32Array {
  return groupings.reduce((before, grouping) => {
    const numbers = new Map<number, number>();
    const most = grouping.reduce((largest, group) => Math.max(largest, group), 0) + 1;
    return before.map((group, i) => {
      const key = group * most + grouping[i];
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
  }, new Int32Array(groupings[0].length));
}

/** A uniform choice among all rearrangements: row i gets what row `result[i]` had. */
export function rearrangement({ members, among }: ExchangeUnits, ...key: Key): Uint32Array {
  const units = permutationWithin(among, ...key);
  const order = new Uint32Array(members.rows.length);
  units.forEach((from, to) => {
    moveUnit(members, from, to, (source, target) => (order[target] = source));
  });
  return order;
}

/** Calls `move` for each row of unit `to` with the row of unit `from` that takes its place. */
export function moveUnit(
  { rows, starts }: Groups,
  from: number,
  to: number,
  move: (source: number, target: number) => void,
): void {
  const size = starts[to + 1] - starts[to];
  for (let i = 0; i < size; i++) move(rows[starts[from] + i], rows[starts[to] + i]);
}

/** Group of each row [N]: that of its unit. */
export function groupOfRows({ members: { rows, starts }, groupOf }: ExchangeUnits): Int32Array {
  const result = new Int32Array(rows.length);
  groupOf.forEach((group, unit) => {
    for (let i = starts[unit]; i < starts[unit + 1]; i++) result[rows[i]] = group;
  });
  return result;
}

/**
 * Groups of several units that all have the same values, so that no rearrangement changes anything.
 *
 * @param values [N * width]
 */
export function unmovedGroups(
  { width, values }: Reliability[number],
  { members, among }: ExchangeUnits,
): boolean[] {
  const differ = (from: number, to: number): boolean => {
    let differs = false;
    moveUnit(members, from, to, (source, target) => {
      for (let d = 0; d < width; d++) differs ||= values[source * width + d] !== values[target * width + d];
    });
    return differs;
  };
  return Array.from({ length: among.starts.length - 1 }, (_, group) => {
    const units = among.rows.subarray(among.starts[group], among.starts[group + 1]);
    return units.every((unit) => !differ(units[0], unit));
  });
}
