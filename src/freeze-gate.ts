import { createHash } from 'node:crypto';

import type { FoldGate, GateConfig } from './config/gate-config.ts';
import { MAX_CELLS, MAX_FOLDS, type Examples } from './diagnostic/examples.ts';
import { numbered, repeatsOf } from './diagnostic/repeats.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import type { EvaluationSet } from './evaluation-set/evaluation-set.ts';
import { readRowFolds, type RowFolds } from './evaluation-set/row-folds.ts';
import { stackRows } from './evaluation-set/stack-rows.ts';
import { foldGates } from './fold-gates.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Workspace } from './foundation/workspace.ts';
import { freeze, type FreezeOptions, type Frozen } from './model/freeze.ts';
import { stackFusions } from './model/stack-fusions.ts';
import { rowsOf } from './open-rows.ts';

/** A gate on its own, or a fold of one, and the rows that it judges. */
export interface Part {
  readonly gate: GateConfig;
  readonly data: EvaluatedRows;
}

/** A gate's models on its evaluated rows, as one. */
export interface FrozenGate {
  readonly data: EvaluatedRows;
  /** Rows of its files. */
  readonly total: number;
  readonly frozen: Frozen;
  /** What shares a frozen model: folds of their own models or files, or all of the gate. */
  readonly parts: readonly Part[];
  /** What folds say of the examples; nothing where they are one. */
  readonly examples: Pick<Examples, 'folds' | 'within' | 'withinWhat' | 'clusters'>;
  readonly warnings: readonly string[];
}

type OpenSet = (gate: GateConfig, workspace: Workspace) => Promise<EvaluationSet>;

/**
 * Freezes the model or the models of a gate. All folds are read before the first model is loaded.
 *
 * @throws ConfigurationError as `freeze` does, and where a fold is too small or unlike the others
 */
export async function freezeGate(
  gate: GateConfig,
  open: OpenSet,
  options: FreezeOptions,
): Promise<FrozenGate> {
  const { workspace } = options;
  const folds = await foldGates(gate, workspace);
  if (folds.length > 0) return freezeFolds(gate, folds, open, options);
  const { data, total } = await rowsOf(gate, await open(gate, workspace));
  const found = await readRowFolds(data, gate.columns);
  const examples = found ? examplesOf(found, data.ids ?? Array.from(data.rows, String)) : {};
  const frozen = await freeze(gate, data, options);
  return { data, total, frozen, parts: [{ gate, data }], examples, warnings: [] };
}

async function freezeFolds(
  gate: GateConfig,
  folds: readonly FoldGate[],
  open: OpenSet,
  options: FreezeOptions,
): Promise<FrozenGate> {
  const parts: (Part & FoldGate & { readonly total: number })[] = [];
  for (const fold of folds) {
    const rows = await inFold(fold, async () => rowsOf(fold.gate, await open(fold.gate, options.workspace)));
    parts.push({ ...fold, ...rows });
  }
  const names = parts.map(({ name }) => name);
  const of = Int32Array.from(parts.flatMap(({ data }, fold) => Array.from(data.rows, () => fold)));
  const examples = examplesOf({ of, names }, parts.flatMap(identities));
  const frozen: Frozen[] = [];
  try {
    for (const part of parts) frozen.push(await inFold(part, () => freeze(part.gate, part.data, options)));
    const fusion = stackFusions(frozen.map((one, i) => ({ name: names[i], fusion: one.fusion })));
    const sets = parts.map(({ data: { set } }) => set);
    const data = stackRows(parts, severalPaths(sets.map(({ path }) => path)), joinedHash(sets));
    const total = parts.reduce((sum, part) => sum + part.total, 0);
    const path = severalPaths(frozen.map((one) => one.path));
    const isKnown = gate.columns.id !== undefined || new Set(folds.map(fileOf)).size === 1;
    return {
      data,
      total,
      frozen: { fusion, path, sha256: joinedHash(frozen) },
      parts,
      examples,
      warnings: isKnown ? [] : [UNKNOWN_EXAMPLES],
    };
  } catch (error) {
    await Promise.all(frozen.map(({ fusion }) => fusion.close()));
    throw error;
  }
}

const UNKNOWN_EXAMPLES =
  'The folds have files of their own, and nothing tells whether they share examples: they are taken to have none in common. Name their ids (columns.id) if they may.';

/** Says which fold a mistake is in. */
async function inFold<T>({ name }: FoldGate, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`In ${name}: ${error.message}`);
  }
}

/** What tells the examples of a fold from others: their ids, or else their file and row. */
function identities({ gate, data }: Part): string[] {
  return data.ids ? [...data.ids] : Array.from(data.rows, (row) => `${fileOf({ gate })} ${row}`);
}

function fileOf({ gate }: { readonly gate: GateConfig }): string {
  return gate.evaluationSet;
}

function examplesOf(found: RowFolds, identity: readonly string[]): FrozenGate['examples'] {
  refuseFolds(found);
  const example = numbered(identity);
  const repeats = repeatsOf(found.of, found.names.length, example);
  return {
    folds: { ...found, repeats },
    within: found.of,
    withinWhat: ['fold'],
    ...(repeats.length > 1 && { clusters: example }),
  };
}

function refuseFolds({ of, names }: RowFolds): void {
  if (names.length > MAX_FOLDS) {
    throw new ConfigurationError(
      `There are ${names.length} folds; at most ${MAX_FOLDS} are judged in one gate. Does the column hold their numbers?`,
    );
  }
  const sizes = new Uint32Array(names.length);
  for (const fold of of) sizes[fold]++;
  const small = sizes.findIndex((size) => size < 2);
  if (small === -1) return;
  throw new ConfigurationError(
    `There is only one evaluated row in ${names[small]}, and shuffles stay inside a fold: each needs two or more. Evaluate more rows of it, or leave it out.`,
  );
}

/** @throws ConfigurationError where counts by class and fold would take too much memory */
export function refuseManyCells({ folds }: FrozenGate['examples'], classes: number): void {
  const cells = classes * (folds?.names.length ?? 1);
  if (folds === undefined || cells <= MAX_CELLS) return;
  throw new ConfigurationError(
    `${folds.names.length} folds of ${classes} classes are ${cells} counts per shuffle; at most ${MAX_CELLS} are kept. Judge fewer folds in one gate.`,
  );
}

/** `fold0.npz and 4 more` */
function severalPaths(paths: readonly string[]): string {
  const [first, ...others] = new Set(paths);
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** Empty where one has no file. */
function joinedHash(parts: readonly { readonly sha256: string }[]): string {
  const hashes = [...new Set(parts.map(({ sha256 }) => sha256))];
  if (hashes.length === 1) return hashes[0];
  if (hashes.includes('')) return '';
  return createHash('sha256').update(hashes.join(' ')).digest('hex');
}
