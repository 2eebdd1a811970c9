import { ConfigurationError } from '../foundation/errors.ts';
import type { EvaluatedRows } from './evaluated-rows.ts';
import { type Column, rowWidth } from './evaluation-set.ts';
import { describeColumn } from './wording.ts';

/** The fold that each row is in. */
export interface RowFolds {
  /** Numbers from 0, ordered by seed and fold [N]. */
  readonly of: Int32Array;
  /** `seed 11 fold 0` [F]. */
  readonly names: readonly string[];
}

/**
 * What the columns of a file say of folds; undefined where no column is named.
 *
 * @throws ConfigurationError where a row has no fold, or more than one
 */
export async function readRowFolds(
  data: EvaluatedRows,
  columns: { readonly fold?: string; readonly seed?: string },
): Promise<RowFolds | undefined> {
  const { seed, fold } = columns;
  if (seed === undefined && fold === undefined) return undefined;
  const seeds = seed === undefined ? undefined : valuesOf(await data.read(seed), 'seed', data);
  const folds = fold === undefined ? undefined : valuesOf(await data.read(fold), 'fold', data);
  const keys = Array.from(data.rows, (_, i) => JSON.stringify([seeds?.[i] ?? '', folds?.[i] ?? '']));
  const ordered = [...new Set(keys)].sort((one, other) => compare(partsOf(one), partsOf(other)));
  const numbers = new Map(ordered.map((key, number) => [key, number]));
  return { of: Int32Array.from(keys, (key) => numbers.get(key)!), names: ordered.map(nameOf) };
}

function valuesOf(column: Column, word: 'fold' | 'seed', { nameRow }: EvaluatedRows): string[] {
  if (rowWidth(column) !== 1) {
    throw new ConfigurationError(`The ${word} column ${describeColumn(column)} needs one value a row.`);
  }
  return Array.from<string | number, string>(column.values, (value, i) => {
    const text = String(value).trim();
    if (text !== '' && text !== 'NaN') return text;
    throw new ConfigurationError(
      `The ${word} column "${column.name}" has no value in ${nameRow(i)}. Give every evaluated row a ${word}, or leave it out with columns.subset.`,
    );
  });
}

function partsOf(key: string): [seed: string, fold: string] {
  return JSON.parse(key) as [string, string];
}

function nameOf(key: string): string {
  const [seed, fold] = partsOf(key);
  return [seed && `seed ${seed}`, fold && `fold ${fold}`].filter(Boolean).join(' ');
}

/** Numbers by their size, other texts by their characters. */
function compare(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((text, i) => text !== other[i]);
  if (at === -1) return 0;
  const [a, b] = [Number(one[at]), Number(other[at])];
  if (!Number.isNaN(a) && !Number.isNaN(b) && a !== b) return a - b;
  return one[at] < other[at] ? -1 : 1;
}
