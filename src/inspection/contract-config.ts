import { basename, dirname, join, relative, resolve, sep } from 'node:path';

import { parseYaml } from '../config/parse-yaml.ts';
import { validateConfig } from '../config/validate-config.ts';
import { openUnion } from '../evaluation-set/contract/aligned-file.ts';
import { FILES, type Fold } from '../evaluation-set/contract/contract-fold.ts';
import { chooseFamily, findBank, findFamilies, findFolds } from '../evaluation-set/contract/find-folds.ts';
import { modalityLetters } from '../evaluation-set/contract/modality-letters.ts';
import { openNpz } from '../evaluation-set/npz.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { oneLine, scalar } from './config-text.ts';

/** What the paper's code computes of such a folder. */
export const STUDIES = ['late', 'moe', 'corruption'] as const;
export type Study = (typeof STUDIES)[number];

/** What `fusion-gate contract` was asked for. */
export interface ContractRequest {
  /** In the layout of the paper's code, as the user wrote it. */
  readonly folder: string;
  /** The folder in `unimodal_preds`. Default: the only one there is. */
  readonly experts?: string;
  readonly study: Study;
}

/** How gates of a study differ from those of late fusion. */
interface StudyPlan {
  readonly bank: string;
  /** Size of the logit, as in the paper. */
  readonly corruption?: number;
  readonly uniformScore?: number;
  readonly hasRouter: boolean;
}

const PLANS: Readonly<Record<Study, StudyPlan>> = {
  late: { bank: 'brokenQ', hasRouter: false },
  // No-Q of the paper feeds its router zeros.
  moe: { bank: 'brokenQ', hasRouter: true, uniformScore: 0 },
  corruption: { bank: 'qsyn/broken', hasRouter: false, corruption: 8 },
};

const MODALITY_NAMES = new Map([
  ['a', 'audio'],
  ['v', 'video'],
  ['p', 'phys'],
  ['l', 'language'],
]);

/** What all gates of a file share. */
interface Shared {
  readonly request: ContractRequest;
  readonly family: string;
  /** Of the modalities: their letter in the layout, and a name. */
  readonly modalities: readonly (readonly [letter: string, name: string])[];
  readonly workspace: Workspace;
  /** A file in the folder, as the config file names it. */
  readonly fromFile: (path: string) => string;
}

/**
 * The text of a config file with a gate for each seed and fold of a folder in the layout of the paper's code, over its
 * banks of shuffled scores where there are any.
 *
 * @param file where it will stand, absolute
 * @returns the text, and the number of its gates
 * @throws ConfigurationError when the folder has no folds, or lacks what the study needs
 */
export async function contractConfig(
  request: ContractRequest,
  file: string,
  workspace: Workspace,
): Promise<{ readonly text: string; readonly gates: number }> {
  const { folder, study } = request;
  const folds = await findFolds(folder, workspace);
  const family = chooseFamily(folder, await findFamilies(folder, workspace), request.experts);
  const letters = modalityLetters(await openUnion(join(folder, FILES.union()), workspace));
  const fromFile = (path: string): string =>
    relative(dirname(file), resolve(workspace.base, folder, path))
      .split(sep)
      .join('/') || '.';
  const modalities = letters.map((letter) => [letter, MODALITY_NAMES.get(letter) ?? letter] as const);
  const shared: Shared = { request, family, modalities, workspace, fromFile };
  const lines = [
    `# Written by "fusion-gate contract" from ${oneLine(folder)}: ${study}, a gate for each seed and fold.`,
    'gates:',
  ];
  for (const fold of folds) lines.push(...(await gateLines(fold, shared)));
  const text = `${lines.join('\n')}\n`;
  // What would not be read back must not be written.
  validateConfig(parseYaml(text, basename(file)), (path) => path.join('.'));
  return { text, gates: folds.length };
}

async function gateLines(fold: Fold, shared: Shared): Promise<string[]> {
  const { request, family, modalities, fromFile } = shared;
  const { corruption, uniformScore } = PLANS[request.study];
  const corrupted = corruption === undefined ? '' : `, corruption: ${corruption}`;
  const set = `contract: ${scalar(fromFile('.'))}, seed: ${fold.seed}, fold: ${fold.fold}, experts: ${scalar(family)}${corrupted}`;
  return [
    `  - name: ${scalar(`${request.study} ${family} seed ${fold.seed} fold ${fold.fold}`)}`,
    `    fusion: ${await fusionText(fold, shared)}`,
    `    evaluation-set: { ${set} }`,
    '    columns: { id: ids, label: y, subset: full_only_test_mask }',
    '    modalities:',
    ...modalities.map(
      ([letter, name]) =>
        `      ${scalar(name)}: { reliability: Q${letter}, presence: M_${letter}, expert: p_${letter} }`,
    ),
    '    output: { kind: probabilities, decision-threshold: 0.5 }',
    '    metric: balanced-accuracy',
    ...(uniformScore === undefined ? [] : [`    uniform-score: ${uniformScore}`]),
    ...(await bankLines(fold, shared)),
  ];
}

async function fusionText(fold: Fold, { request, workspace, fromFile }: Shared): Promise<string> {
  if (!PLANS[request.study].hasRouter) return 'weighted-mean';
  await workspace.locate(join(request.folder, FILES.router(fold)), 'router weights');
  return `{ rule: linear-router, weights: ${scalar(fromFile(FILES.router(fold)))} }`;
}

async function bankLines(
  fold: Fold,
  { request: { folder, study }, modalities, workspace, fromFile }: Shared,
): Promise<string[]> {
  const path = await findBank(folder, PLANS[study].bank, fold, workspace);
  if (path === undefined) return [];
  const { arrays } = await openNpz(join(folder, path), workspace, 'score bank');
  const id = ['ids_str', 'ids'].find((name) => arrays.some((array) => array.name === name));
  if (id === undefined) {
    throw new ConfigurationError(
      `The score bank "${join(folder, path)}" has neither "ids_str" nor "ids", so that nothing says which example a row is of.`,
    );
  }
  const scores = modalities.map(([letter, name]) => `${scalar(name)}: Q${letter}`).join(', ');
  return [
    '    permutations:',
    `      bank: { path: ${scalar(fromFile(path))}, id: ${id}, scores: { ${scores} } }`,
  ];
}
