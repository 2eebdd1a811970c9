import { ConfigurationError } from '../../foundation/errors.ts';
import type { Workspace } from '../../foundation/workspace.ts';
import { parseNpy } from '../npy.ts';
import { mustBeNumbers } from '../numbers.ts';
import { quoted, rowName } from '../wording.ts';
import { textOf, type AlignedFile, type Union } from './aligned-file.ts';

/** More than ten million ids of any sensible length. */
const MAX_BYTES = 2 ** 28;

/** The columns that the two id lists of a split become: 1 on its rows, [N]. */
export interface SplitMasks {
  readonly train_mask: Uint8Array;
  readonly test_mask: Uint8Array;
  /** Test rows with every modality present: the ones that the paper evaluates. */
  readonly full_only_test_mask: Uint8Array;
}

/**
 * @param presence names of the union's columns that are 1 where a modality was observed
 * @throws ConfigurationError when an id is not in the union, or in training and in test: what was trained on proves
 * nothing
 */
export async function splitMasks(
  paths: { readonly train: string; readonly test: string },
  union: Union,
  presence: readonly string[],
  workspace: Workspace,
): Promise<SplitMasks> {
  const rowOf = new Map(union.ids.map((id, row) => [id, row]));
  const train = await maskOf(paths.train, union, rowOf, workspace);
  const test = await maskOf(paths.test, union, rowOf, workspace);
  const leaked = test.findIndex((isTest, row) => isTest === 1 && train[row] === 1);
  if (leaked !== -1) {
    throw new ConfigurationError(
      `The id ${quoted(union.ids[leaked])} stands in both "${paths.train}" and "${paths.test}"; an example that was trained on cannot be tested on.`,
    );
  }
  const masks = await Promise.all(presence.map((name) => readNumbers(union, name)));
  return {
    train_mask: train,
    test_mask: test,
    full_only_test_mask: test.map((isTest, row) =>
      Number(isTest === 1 && masks.every((mask) => mask[row] === 1)),
    ),
  };
}

/**
 * Columns that a file of experts has of what the union and the split say must say the same.
 *
 * @throws ConfigurationError naming the first row in which they do not
 */
export async function refuseOtherValues(
  name: string,
  values: ArrayLike<number>,
  source: string,
  file: AlignedFile,
  { ids }: Union,
): Promise<void> {
  if (!file.columns.some((column) => column.name === name)) return;
  const theirs = await readNumbers(file, name);
  const row = theirs.findIndex((value, i) => value !== values[i]);
  if (row === -1) return;
  throw new ConfigurationError(
    `The array "${name}" of "${file.path}" is ${theirs[row]} in ${rowName(row, ids[row])}, where ${source} says ${values[row]}; the experts were made for another split or other labels.`,
  );
}

/** One number for each example. */
export async function readNumbers(file: AlignedFile, name: string): Promise<ArrayLike<number> & number[]> {
  const column = await file.read(name);
  const source = `The array "${name}" of "${file.path}"`;
  const { values, shape } = mustBeNumbers(column, source, rowName);
  if (shape.length === 1) return Array.from(values);
  throw new ConfigurationError(
    `${source} has the shape [${shape.join(', ')}]; one number for each example is needed.`,
  );
}

async function maskOf(
  path: string,
  { ids, path: union }: Union,
  rowOf: ReadonlyMap<string, number>,
  workspace: Workspace,
): Promise<Uint8Array> {
  const bytes = await workspace.read(path, 'split', MAX_BYTES);
  const mask = new Uint8Array(ids.length);
  for (const id of textOf(parseNpy(bytes, 'ids', `The split "${path}"`))) {
    const row = rowOf.get(id);
    if (row === undefined) {
      throw new ConfigurationError(
        `The split "${path}" names the id ${quoted(id)}, which the union "${union}" does not have.`,
      );
    }
    mask[row] = 1;
  }
  return mask;
}
