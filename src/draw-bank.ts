import type { GateConfig, ScoreBank } from './config/gate-config.ts';
import { shuffledScores } from './diagnostic/broken-scores.ts';
import { withDownloads } from './download/with-downloads.ts';
import { idsHash } from './evaluation-set/contract/ids-hash.ts';
import type { Exchange } from './diagnostic/exchange.ts';
import { exchangeOf } from './gate-exchange.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { npzBytes, type StoredArray } from './evaluation-set/npz-bytes.ts';
import { ConfigurationError } from './foundation/errors.ts';
import { freeze, type FreezeOptions } from './model/freeze.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';
import { localServers } from './model/local-server/local-servers.ts';
import { openSet, rowsOf } from './open-rows.ts';

/** Bytes of a bank: all of it is held in memory, twice while it is written. */
const MAX_BANK_BYTES = 2 ** 30;

/** A bank of shuffled scores, and how a gate names it. */
export interface DrawnBank {
  /** A `.npz`. */
  readonly bytes: Buffer;
  readonly count: number;
  readonly evaluated: number;
  readonly names: Omit<ScoreBank, 'path'>;
}

/**
 * The shuffles that a gate draws, in the layout of the paper's brokenQ banks: per modality an array [rows, K] with a row
 * for each one of the evaluation set, `ids_str`, `union_ids_hash`, and `meta` (JSON).
 *
 * A gate that reads them as its bank gives the same report but for the name of the scheme; where that is `joint`, it adds
 * joint shuffles beside the bank's, as for any other. Rows that are not evaluated, or on which the modality is absent,
 * keep their own score in every draw, as in the paper's; where that score is no column, they have NaN.
 *
 * @throws ConfigurationError when the gate cannot be frozen, has scores of several numbers, or the bank is too large
 */
export async function drawBank(gate: GateConfig, options: FreezeOptions): Promise<DrawnBank> {
  refuseFolds(gate);
  const workspace = await withDownloads(gate, options.workspace, options);
  const set = await openSet(gate, workspace);
  const { data, total } = await rowsOf(gate, set);
  refuseTooLarge(gate, total);
  const servers = localServers(options);
  try {
    const { fusion } = await freeze(gate, data, { ...options, workspace, servers });
    try {
      return await bankOf(gate, data, total, fusion);
    } finally {
      await fusion.close();
    }
  } finally {
    await servers.stop();
  }
}

function refuseFolds({ name, folds, columns }: GateConfig): void {
  if (folds === undefined && columns.fold === undefined && columns.seed === undefined) return;
  throw new ConfigurationError(
    `Gate "${name}" has several folds, and a bank is for one. Name a gate that is about a single fold.`,
  );
}

async function bankOf(
  gate: GateConfig,
  data: EvaluatedRows,
  total: number,
  fusion: FrozenFusion,
): Promise<DrawnBank> {
  const { modalities, reliability } = fusion;
  const wide = reliability.findIndex(({ width }) => width !== 1);
  if (wide !== -1) {
    throw new ConfigurationError(
      `The scores of ${modalities[wide]} have ${reliability[wide].width} numbers per row; a bank has one per row and draw.`,
    );
  }
  const { count } = gate.permutations;
  const arrays = arrayNames(gate);
  const scores: StoredArray[] = [];
  for (const [m, name] of arrays.entries()) {
    const rest = await ownScores(gate, m, data, total);
    scores.push({ name, shape: [total, count], values: spread(rest, count) });
  }
  const exchange = await exchangeOf(gate, data, fusion, {});
  fill(scores, gate, data.rows, fusion, exchange);
  const ids = await idsOf(gate, data);
  const scoreNames = Object.fromEntries(modalities.map((modality, m) => [modality, arrays[m]]));
  const meta = metaOf(gate, data, scoreNames);
  return {
    bytes: Buffer.concat(
      npzBytes([...scores, ...idArrays(ids), { name: 'meta', shape: [], values: [meta] }]),
    ),
    count,
    evaluated: data.rows.length,
    names: { ...(ids && { id: 'ids_str' }), scores: scoreNames },
  };
}

function refuseTooLarge({ permutations, modalities }: GateConfig, total: number): void {
  const bytes = 8 * total * permutations.count * modalities.length;
  if (bytes <= MAX_BANK_BYTES) return;
  throw new ConfigurationError(
    `A bank of ${permutations.count} shuffles of ${total} rows and ${modalities.length} modalities has ${bytes} bytes; at most ${MAX_BANK_BYTES} are written. Draw fewer, with permutations.count.`,
  );
}

/** The columns of the scores, as in the paper's banks; numbers where those are no names for files in a zip. */
function arrayNames({ modalities }: GateConfig): string[] {
  const columns = modalities.map(({ reliability }) => reliability?.column ?? '');
  const taken = new Set(['ids_str', 'union_ids_hash', 'meta', ...columns]);
  const fit = taken.size === columns.length + 3 && columns.every((name) => /^[\w.-]{1,100}$/.test(name));
  return fit ? columns : modalities.map((_, m) => `Q${m}`);
}

/** The scores of all rows of the set, [total], where they are a column of numbers; else NaN. */
async function ownScores(
  gate: GateConfig,
  m: number,
  { set }: EvaluatedRows,
  total: number,
): Promise<Float64Array> {
  const name = gate.modalities[m].reliability?.column;
  const isColumn = set.columns.some((column) => column.name === name);
  const column = name !== undefined && isColumn ? await set.read(name) : undefined;
  return column?.kind === 'numbers' && column.values.length === total
    ? Float64Array.from(column.values)
    : new Float64Array(total).fill(NaN);
}

/** Each score `count` times, [N * count]. */
function spread(scores: Float64Array, count: number): Float64Array {
  const result = new Float64Array(scores.length * count);
  scores.forEach((score, row) => result.fill(score, row * count, (row + 1) * count));
  return result;
}

/** Writes the gate's own draws to the evaluated rows. */
function fill(
  arrays: readonly StoredArray[],
  { permutations }: GateConfig,
  rows: Uint32Array,
  { reliability, modalities }: FrozenFusion,
  { within, whole }: Exchange,
): void {
  const { count, scheme, seed } = permutations;
  const plan = { scheme, count, seed, stream: 'shuffle', within, whole };
  const broken = shuffledScores(reliability, modalities, plan);
  for (let k = 0; k < count; k++) {
    broken.draw(k).forEach(({ values, present }, m) => {
      const array = arrays[m].values as Float64Array;
      for (let i = 0; i < rows.length; i++) {
        if (present?.[i] !== 0) array[rows[i] * count + k] = values[i];
      }
    });
  }
}

/** Of all rows; undefined where there are none, or two rows that are not evaluated share one. */
async function idsOf({ columns }: GateConfig, { set }: EvaluatedRows): Promise<string[] | undefined> {
  if (columns.id === undefined) return undefined;
  const { values } = await set.read(columns.id);
  const ids = Array.from<string | number, string>(values, String);
  return new Set(ids).size === ids.length ? ids : undefined;
}

function idArrays(ids: readonly string[] | undefined): StoredArray[] {
  if (ids === undefined) return [];
  return [
    { name: 'ids_str', shape: [ids.length], values: ids },
    { name: 'union_ids_hash', shape: [], values: [idsHash(ids)] },
  ];
}

function metaOf(
  { name, permutations }: GateConfig,
  { set, rows }: EvaluatedRows,
  arrays: Readonly<Record<string, string>>,
): string {
  const { count, scheme, seed } = permutations;
  return JSON.stringify({
    kind: 'Broken-Q',
    tool: 'fusion-gate',
    gate: name,
    evaluation_set: set.path,
    sha256: set.sha256,
    scheme,
    seed,
    K: count,
    n_evaluated: rows.length,
    arrays,
  });
}
