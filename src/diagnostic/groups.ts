import { aleaState, type Key } from './random.ts';

/** Rows in disjoint groups. */
export interface Groups {
  /** The rows of each group side by side, ascending [N]. */
  readonly rows: Uint32Array;
  /** Where each group begins in `rows`, and the end [G + 1]. */
  readonly starts: Uint32Array;
}

/**
 * @param size number of rows N
 * @param within group of each row [N], numbers from 0; default: all rows are one group
 */
export function groupsOf(size: number, within?: Int32Array): Groups {
  if (within === undefined) {
    return { rows: Uint32Array.from({ length: size }, (_, row) => row), starts: Uint32Array.of(0, size) };
  }
  const count = clusterCount(within);
  const starts = new Uint32Array(count + 1);
  for (const group of within) starts[group + 1]++;
  for (let group = 0; group < count; group++) starts[group + 1] += starts[group];
  const free = starts.slice();
  const rows = new Uint32Array(size);
  within.forEach((group, row) => (rows[free[group]++] = row));
  return { rows, starts };
}

/**
 * Groups of some rows; a group that has none of them is left out.
 *
 * @param rows ascending
 * @param within group of each row [N], numbers from 0
 */
export function groupsAmong(rows: Uint32Array, within: Int32Array): Groups {
  const { rows: places, starts } = groupsOf(
    rows.length,
    Int32Array.from(rows, (row) => within[row]),
  );
  return { rows: places.map((place) => rows[place]), starts: new Uint32Array(new Set(starts)) };
}

/** @param numbers of clusters, from 0, all of which occur */
export function clusterCount(numbers: Int32Array): number {
  return numbers.reduce((most, number) => Math.max(most, number + 1), 0);
}

/** A uniform permutation of the rows within each group: row i gets what row `result[i]` had. */
export function permutationWithin(groups: Groups, ...key: Key): Uint32Array {
  const identity = Uint32Array.from(groups.rows, (_, row) => row);
  const order = new Uint32Array(identity.length);
  shuffleWithin(groups, identity, order, ...key);
  return order;
}

/**
 * Writes to `target` a uniform shuffle of `values` within each group: of a single group what `shuffleInto` writes.
 *
 * One run of random numbers serves all groups, one after the other, as each step of Fisher and Yates has its own number.
 */
export function shuffleWithin<T extends Float64Array | Uint32Array>(
  { rows, starts }: Groups,
  values: T,
  target: T,
  ...key: Key
): void {
  let { c, s0, s1, s2 } = aleaState(key);
  for (let group = 0; group + 1 < starts.length; group++) {
    const [start, end] = [starts[group], starts[group + 1]];
    if (start < end) target[rows[start]] = values[rows[start]];
    for (let i = start + 1; i < end; i++) {
      const t = 2091639 * s0 + c * 2 ** -32;
      s0 = s1;
      s1 = s2;
      c = Math.floor(t);
      s2 = t - c;
      const picked = rows[start + ((s2 * (i - start + 1)) | 0)];
      target[rows[i]] = target[picked];
      target[picked] = values[rows[i]];
    }
  }
}
