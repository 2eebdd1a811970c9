import { crossed, type Exchange } from './exchange.ts';

/** What may be absent on some rows: the scores of a modality, its expert. */
export interface Presentable {
  /** 1 where it is present, else 0 [N]; undefined: on every row. */
  readonly present?: Uint8Array;
}

/**
 * Which scores of one modality may change places where some are absent: with independent shuffles those of rows on which it
 * is present; with joint ones, which move the whole score vector of a row, those of rows on which the same modalities are.
 * What stands on the other rows is in groups of its own, and is put back by whoever moves it.
 *
 * @param all by modality
 */
export function exchangeFor(
  all: readonly Presentable[],
  m: number,
  { scheme, within, whole }: Exchange & { readonly scheme: 'independent' | 'joint' },
): Exchange {
  const pattern = patternsOf(scheme === 'joint' ? all : [all[m]]);
  return { within, whole, ...(pattern && { pattern }) };
}

/** Number of the pattern of presence of each row [N], from 0; undefined where all are present on every row. */
export function patternsOf(all: readonly Presentable[]): Int32Array | undefined {
  const present = all.flatMap((one) => (one.present ? [Int32Array.from(one.present)] : []));
  return present.length === 0 ? undefined : crossed(present);
}

/** Whether some are absent on some row. */
export function isPartial(all: readonly Presentable[]): boolean {
  return all.some(({ present }) => present !== undefined);
}

/** The rows on which it is present, ascending. @param rows how many there are, N */
export function presentRows({ present }: Presentable, rows: number): Uint32Array {
  return presentAmong(
    { present },
    Uint32Array.from({ length: rows }, (_, row) => row),
  );
}

/** Those of some rows on which it is present, in their order. */
export function presentAmong({ present }: Presentable, rows: Uint32Array): Uint32Array {
  return present === undefined ? rows : rows.filter((row) => present[row] === 1);
}

/** Where it is present, of some rows as if there were no others. */
export function presentIn({ present }: Presentable, rows: Uint32Array): Presentable {
  return present === undefined ? {} : { present: Uint8Array.from(rows, (row) => present[row]) };
}

/** How many rows it is present on. @param rows how many there are, N */
export function presentCount({ present }: Presentable, rows: number): number {
  return present === undefined ? rows : present.reduce((sum, value) => sum + value, 0);
}

/** The values [N * width], and 0 in the place of those that are no scores, so that they are all alike. */
export function zeroWhereAbsent(values: Float64Array, { present }: Presentable, width = 1): Float64Array {
  if (present === undefined) return values;
  return values.map((value, i) => (present[Math.floor(i / width)] === 1 ? value : 0));
}

/** Of [N] values those on rows where it is present. */
export function wherePresent<T extends Float64Array | Int32Array>(values: T, { present }: Presentable): T {
  return present === undefined ? values : (values.filter((_, row) => present[row] === 1) as T);
}

/** Puts back what stands on rows where it is absent, which no shuffle moves. @param target [N * width] */
export function keepAbsent(
  given: Float64Array,
  target: Float64Array,
  { present }: Presentable,
  width: number,
): void {
  if (present === undefined) return;
  for (let row = 0; row < present.length; row++) {
    if (present[row] === 1) continue;
    for (let at = row * width; at < (row + 1) * width; at++) target[at] = given[at];
  }
}
