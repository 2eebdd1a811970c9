import type { ModalityConfig, ScoreBank } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import type { NumberColumn } from '../evaluation-set/evaluation-set.ts';
import { openNpz, type Npz } from '../evaluation-set/npz.ts';
import { quoted } from '../evaluation-set/wording.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';

/** Broken-Q of the evaluated rows as somebody else drew it. */
export interface BankedScores {
  /** Number of draws K. */
  readonly count: number;
  /** Per modality [K * N], one draw after the other. */
  readonly scores: readonly Float64Array[];
}

/**
 * Reads a bank of shuffled scores, e.g. the paper authors' `brokenQ` files: per modality an array [rows, K].
 *
 * @param idColumn the evaluation set's id column, needed where the bank has ids of its own
 */
export async function readScoreBank(
  bank: ScoreBank,
  modalities: readonly ModalityConfig[],
  data: EvaluatedRows,
  idColumn: string | undefined,
  workspace: Workspace,
): Promise<BankedScores> {
  const npz = await openNpz(bank.path, workspace, 'score bank');
  const rows = bank.id === undefined ? data.rows : await matchIds(bank.path, bank.id, npz, data, idColumn);
  const arrays: NumberColumn[] = [];
  for (const { name } of modalities) arrays.push(await readDraws(bank, name, npz));
  const [{ shape }] = arrays;
  const odd = arrays.find((array) => array.shape.join() !== shape.join());
  if (odd) {
    throw new ConfigurationError(
      `The arrays "${arrays[0].name}" [${shape.join(', ')}] and "${odd.name}" [${odd.shape.join(', ')}] of the score bank "${bank.path}" differ in shape; all need the same rows and the same number of draws.`,
    );
  }
  const needed = rows.reduce((largest, row) => Math.max(largest, row + 1), 0);
  if (shape[0] < needed) {
    throw new ConfigurationError(
      `The score bank "${bank.path}" has ${shape[0]} rows and the evaluation set "${data.set.path}" evaluates row ${needed - 1}; give both the same rows, or name the bank's id array.`,
    );
  }
  return {
    count: shape[1],
    scores: arrays.map((array, m) => drawsOf(bank.path, array, rows, data.presence?.[m])),
  };
}

async function readDraws(bank: ScoreBank, modality: string, npz: Npz): Promise<NumberColumn> {
  const array = await npz.read(bank.scores[modality]);
  if (array.kind === 'text' || array.shape.length !== 2 || array.shape[1] === 0) {
    throw new ConfigurationError(
      `The array "${array.name}" of the score bank "${bank.path}" is ${array.dtype} with shape [${array.shape.join(', ')}]; numbers with shape [rows, draws] are needed, and at least one draw.`,
    );
  }
  return array;
}

/** The bank's row of each evaluated row. */
async function matchIds(
  path: string,
  idArray: string,
  npz: Npz,
  data: EvaluatedRows,
  idColumn: string | undefined,
): Promise<Uint32Array> {
  if (idColumn === undefined) {
    throw new ConfigurationError(
      `The score bank "${path}" is matched by its array "${idArray}", but the evaluation set has no id column; name one as columns.id.`,
    );
  }
  const banked: ArrayLike<string | number> = (await npz.read(idArray)).values;
  const wanted: ArrayLike<string | number> = (await data.read(idColumn)).values;
  const rowOf = new Map<string, number>();
  for (let row = 0; row < banked.length; row++) {
    const id = String(banked[row]);
    if (rowOf.has(id)) {
      throw new ConfigurationError(
        `The array "${idArray}" of the score bank "${path}" has the id ${quoted(id)} twice; each row needs an id of its own.`,
      );
    }
    rowOf.set(id, row);
  }
  return Uint32Array.from(wanted, (id) => {
    const row = rowOf.get(String(id));
    if (row !== undefined) return row;
    throw new ConfigurationError(
      `The score bank "${path}" has no row with id ${quoted(String(id))}, which the evaluation set "${data.set.path}" evaluates.`,
    );
  });
}

/**
 * [rows, K] of the file, transposed and cut down to [K * N].
 *
 * @param present where the modality is, [N]; elsewhere nobody looks at what the bank has. Default: on every row
 */
function drawsOf(
  path: string,
  { name, shape, values }: NumberColumn,
  rows: Uint32Array,
  present?: Uint8Array,
): Float64Array {
  const draws = shape[1];
  const result = new Float64Array(draws * rows.length);
  rows.forEach((row, i) => {
    for (let k = 0; k < draws; k++) {
      const value = values[row * draws + k];
      if (!Number.isFinite(value) && present?.[i] !== 0) {
        throw new ConfigurationError(
          `The array "${name}" of the score bank "${path}" is ${value} in row ${row}, which is evaluated; finite scores are needed.`,
        );
      }
      result[k * rows.length + i] = value;
    }
  });
  return result;
}
