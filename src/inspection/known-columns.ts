import { evaluateRows } from '../evaluation-set/evaluated-rows.ts';
import {
  type Column,
  type ColumnInfo,
  type EvaluationSet,
  rowWidth,
} from '../evaluation-set/evaluation-set.ts';
import { findColumn } from '../evaluation-set/find-column.ts';
import { holdsLabelSets } from '../evaluation-set/label-sets.ts';
import { selectRows } from '../evaluation-set/select-rows.ts';
import { describeColumn } from '../evaluation-set/wording.ts';
import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import type { FoundModality } from './modalities.ts';
import { wordsOf } from './name-words.ts';

/** The columns of an evaluation set that its names tell. */
export interface KnownColumns {
  readonly label?: string;
  readonly id?: string;
  /** By modality: 1 where it was observed. */
  readonly presence: ReadonlyMap<FoundModality, string>;
}

const LABELS = ['label', 'labels', 'y', 'y_true', 'target', 'targets', 'class'];
const IDS = ['id', 'ids', 'sample_id', 'example_id', 'uid', 'key'];
const PRESENCES = ['m', 'mask', 'present', 'presence', 'observed', 'available'];

/**
 * @param label as the user named it; undefined: a well-known name, where there is one of them
 * @param taken columns that fill inputs of the model
 * @throws ConfigurationError when there is no such label
 */
export async function knownColumns(
  set: EvaluationSet,
  label: string | undefined,
  taken: ReadonlySet<string>,
  modalities: readonly FoundModality[],
): Promise<KnownColumns> {
  if (label !== undefined) findColumn(set.path, set.columns, label);
  const free = set.columns.filter(({ name }) => !taken.has(name));
  const oneOf = (names: readonly string[]): string | undefined => {
    const found = free.filter(
      (column) => names.includes(column.name.toLowerCase()) && rowWidth(column) === 1,
    );
    return found.length === 1 ? found[0].name : undefined;
  };
  const presence = new Map<FoundModality, string>();
  for (const modality of modalities) {
    const wanted = wordsOf(modality.name).join();
    const column = free.find((it) => {
      const words = wordsOf(it.name);
      const own = words.filter((word) => !PRESENCES.includes(word));
      return own.length < words.length && own.join() === wanted && rowWidth(it) === 1;
    });
    if (column !== undefined && isMask(await set.read(column.name))) presence.set(modality, column.name);
  }
  const id = oneOf(IDS);
  const isUsable = id !== undefined && (await hasNoRepeats(set, id));
  return {
    label: label ?? oneOf(LABELS) ?? (await labelSets(set, free)),
    id: isUsable ? id : undefined,
    presence,
  };
}

/** A column by a well-known name whose rows have several labels, or none. */
async function labelSets(set: EvaluationSet, columns: readonly ColumnInfo[]): Promise<string | undefined> {
  const named = columns.filter(
    ({ name, shape }) => LABELS.includes(name.toLowerCase()) && shape.length === 2,
  );
  if (named.length !== 1) return undefined;
  return holdsLabelSets(await set.read(named[0].name)) ? named[0].name : undefined;
}

/** @throws ConfigurationError that asks for the label */
export function askForLabel(set: EvaluationSet, taken: ReadonlySet<string>): ConfigurationError {
  const columns = set.columns.filter(({ name }) => !taken.has(name)).map(describeColumn);
  return new ConfigurationError(
    `Which column of "${set.path}" holds the true class (or value) of each example? Name it with --label. Columns that fill no input: ${enumerate(columns)}.`,
  );
}

/** The rows where every modality is present, and how many there are in all. */
export async function evaluatedRows(
  set: EvaluationSet,
  { label, presence }: KnownColumns,
  inputs: readonly string[],
): Promise<{ readonly rows: Uint32Array; readonly total: number }> {
  const masks = [...presence.values()].map((name) => ({ presence: name }));
  const { data, total } = await selectRows(set, { label: label ?? inputs[0] }, masks, inputs);
  return { rows: data.rows, total };
}

/** Evenly spaced ones of these rows, all of them where they are not more than `most`. */
export function spaced(set: EvaluationSet, rows: Uint32Array, most: number) {
  const count = Math.min(rows.length, most);
  return evaluateRows(
    set,
    Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]),
  );
}

function isMask({ kind, values }: Column): boolean {
  return kind === 'numbers' && values.every((value) => value === 0 || value === 1);
}

async function hasNoRepeats(set: EvaluationSet, name: string): Promise<boolean> {
  const { values } = await set.read(name);
  return new Set(Array.from<unknown>(values)).size === values.length;
}
