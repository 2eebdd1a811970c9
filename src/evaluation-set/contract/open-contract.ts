import { join } from 'node:path';

import { ConfigurationError } from '../../foundation/errors.ts';
import { sha256OfFiles, type Workspace } from '../../foundation/workspace.ts';
import type { Column, ColumnInfo, EvaluationSet } from '../evaluation-set.ts';
import { readOnce } from '../read-once.ts';
import { openAligned, openUnion, type AlignedFile, type Union } from './aligned-file.ts';
import { FILES, type ContractWishes, type Fold } from './contract-fold.ts';
import { corruptExpert } from './corrupt-experts.ts';
import { modalityLetters } from './modality-letters.ts';
import { chooseFamily, chooseFold, findFamilies, findFolds } from './find-folds.ts';
import { readNumbers, refuseOtherValues, splitMasks } from './split-masks.ts';

/** One fold of the layout: its files, their rows in the order of the union. */
interface Contract {
  readonly union: Union;
  readonly scores: AlignedFile;
  readonly experts: AlignedFile;
  /** Of the union: 0 or 1, [N]. */
  readonly labels: ArrayLike<number>;
  /** What the split says, as columns. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
}

/**
 * One fold of a folder in the layout of the paper's code (union, splits, quality, unimodal_preds, qsyn), as an evaluation
 * set: a row for each example of the union.
 *
 * Its columns are the arrays of the files under their own names (`ids`, `y`, `E_*`, `M_*`, `Q*`, `p_*`), the label always
 * as `y`; and `train_mask`, `test_mask` and `full_only_test_mask` (test rows with every modality present) from the splits.
 *
 * @param folder as the user wrote it
 * @throws ConfigurationError when a file is missing, damaged, or about other examples, labels or splits than the others
 */
export async function openContract(
  folder: string,
  wishes: ContractWishes,
  workspace: Workspace,
): Promise<EvaluationSet> {
  const fold = chooseFold(folder, await findFolds(folder, workspace), wishes);
  const family = chooseFamily(folder, await findFamilies(folder, workspace), wishes.experts);
  const paths = pathsOf(folder, fold, family, wishes.corruption !== undefined);
  const contract = await openFiles(paths, workspace);
  const files = await Promise.all(Object.values(paths).map((path) => workspace.locate(path, 'fold')));
  const { corruption } = wishes;
  const corrupted = corruption === undefined ? '' : `, corrupted by ${corruption}`;
  const path = `${folder} (${family}, seed ${fold.seed}, fold ${fold.fold}${corrupted})`;
  const columns = columnsOf(contract);
  const read = (name: string): Promise<Column> => readColumn(contract, name, corruption);
  return { path, sha256: await sha256OfFiles(files), columns, read: readOnce(path, columns, read) };
}

function pathsOf(folder: string, fold: Fold, family: string, isCorrupted: boolean) {
  const within = (file: string): string => join(folder, file);
  return {
    union: within(FILES.union()),
    train: within(FILES.trainIds(fold)),
    test: within(FILES.testIds(fold)),
    scores: within(isCorrupted ? FILES.corruptionScores(fold) : FILES.quality(fold)),
    experts: within(FILES.experts(fold, family)),
  };
}

async function openFiles(paths: ReturnType<typeof pathsOf>, workspace: Workspace): Promise<Contract> {
  const union = await openUnion(paths.union, workspace);
  const scores = await openAligned(paths.scores, 'scores', union, workspace);
  const experts = await openAligned(paths.experts, 'experts', union, workspace);
  const letters = modalityLetters(union);
  for (const letter of letters) {
    scores.need(`Q${letter}`);
    experts.need(`p_${letter}`);
  }
  const labels = await readLabels(union);
  await refuseOtherValues('y', labels, `the union "${union.path}"`, experts, union);
  const presence = letters.map((letter) => `M_${letter}`);
  const masks = new Map<string, Uint8Array>(
    Object.entries(await splitMasks(paths, union, presence, workspace)),
  );
  for (const [name, mask] of masks) await refuseOtherValues(name, mask, 'the split', experts, union);
  return { union, scores, experts, labels, masks };
}

async function readLabels(union: Union): Promise<ArrayLike<number>> {
  const name = union.columns.some((column) => column.name === 'y2') ? 'y2' : 'y';
  const labels = await readNumbers(union, name);
  const row = labels.findIndex((label) => label !== 0 && label !== 1);
  if (row === -1) return labels;
  throw new ConfigurationError(
    `The array "${name}" of "${union.path}" is ${labels[row]} in row ${row} (counting from 0); labels of this layout are 0 and 1.`,
  );
}

/** The first file that has a name has it; what splits and labels say goes before all. */
function columnsOf({ union, scores, experts, labels, masks }: Contract): ColumnInfo[] {
  const made = [...masks.keys(), 'y'].map((name) => ({ name, dtype: 'uint8', shape: [labels.length] }));
  const all = [...made, ...union.columns, ...scores.columns, ...experts.columns];
  const first = new Map<string, ColumnInfo>();
  for (const column of all) if (!first.has(column.name)) first.set(column.name, column);
  return [...first.values()];
}

async function readColumn(contract: Contract, name: string, corruption: number | undefined): Promise<Column> {
  const { union, scores, experts, labels, masks } = contract;
  const made = name === 'y' ? Uint8Array.from(labels) : masks.get(name);
  if (made !== undefined)
    return { name, dtype: 'uint8', shape: [made.length], kind: 'numbers', values: made };
  const file = [union, scores, experts].find(({ columns }) => columns.some((column) => column.name === name));
  const column = await file!.read(name);
  const letter = /^p_(.+)$/.exec(name)?.[1];
  if (corruption === undefined || file !== experts || letter === undefined) return column;
  const marks = await readNumbers(scores, `Q${letter}`);
  return corruptExpert(column, marks, labels, masks.get('full_only_test_mask')!, corruption);
}
