import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigurationError, didYouMean, enumerate } from '../../foundation/errors.ts';
import type { Workspace } from '../../foundation/workspace.ts';
import type { ContractWishes, Fold, Some } from './contract-fold.ts';

/**
 * The folds that a folder has scores of, by seed and fold.
 *
 * @param folder as the user wrote it
 * @throws ConfigurationError when it cannot be located, or has none
 */
export async function findFolds(folder: string, workspace: Workspace): Promise<Fold[]> {
  await workspace.locate(folder, 'contract folder', 'folder');
  const quality = join(folder, 'quality');
  const folds: Fold[] = [];
  for (const seed of numbersIn(await namesIn(quality, workspace), /^seed_(\d{1,9})$/)) {
    const files = await namesIn(join(quality, `seed_${seed}`), workspace);
    folds.push(...numbersIn(files, /^fold_(\d{1,9})\.npz$/).map((fold) => ({ seed, fold })));
  }
  if (folds.length > 0) return folds;
  throw new ConfigurationError(
    `The contract folder "${folder}" has no scores: no file like quality/seed_11/fold_0.npz is in it.`,
  );
}

/** The families of experts that a folder has predictions of, by name. */
export async function findFamilies(folder: string, workspace: Workspace): Promise<string[]> {
  return (await namesIn(join(folder, 'unimodal_preds'), workspace)).filter((name) => !name.startsWith('.'));
}

/**
 * The file of shuffled scores of a fold, relative to the contract folder; undefined where there is none.
 *
 * @param bank `brokenQ`, or `qsyn/broken`
 * @throws ConfigurationError when several files could be meant
 */
export async function findBank(
  folder: string,
  bank: string,
  { seed, fold }: Fold,
  workspace: Workspace,
): Promise<string | undefined> {
  let inside = '';
  for (const name of [...bank.split('/'), `seed_${seed}`]) {
    if (!(await namesIn(join(folder, inside), workspace)).includes(name)) return undefined;
    inside = inside === '' ? name : `${inside}/${name}`;
  }
  const files = (await namesIn(join(folder, inside), workspace)).filter(
    (name) => name === `fold_${fold}.npz` || name.endsWith(`_seed${seed}_fold${fold}.npz`),
  );
  if (files.length <= 1) return files.length === 0 ? undefined : `${inside}/${files[0]}`;
  throw new ConfigurationError(
    `The contract folder "${folder}" has ${files.length} banks of shuffled scores for seed ${seed} fold ${fold}: ${enumerate(files)} in ${inside}. Leave one.`,
  );
}

/**
 * @returns the one fold that is wished for
 * @throws ConfigurationError when there is none, or several are
 */
export function chooseFold(folder: string, folds: readonly Fold[], wishes: ContractWishes): Fold {
  const fitting = folds.filter(
    ({ seed, fold }) => seed === (wishes.seed ?? seed) && fold === (wishes.fold ?? fold),
  );
  if (fitting.length === 1) return fitting[0];
  const has = `It has: ${enumerate(folds.map(({ seed, fold }) => `seed ${seed} fold ${fold}`))}.`;
  if (fitting.length > 1) {
    throw new ConfigurationError(
      `The contract folder "${folder}" has ${fitting.length} folds that fit, and a gate is about one. Name it with seed and fold. ${has}`,
    );
  }
  const wished = [spelt('seed', wishes.seed), spelt('fold', wishes.fold)].join('');
  throw new ConfigurationError(`The contract folder "${folder}" has no${wished}. ${has}`);
}

/**
 * @param wishes numbers, or all that there are; what is left out must be the only one there is
 * @throws ConfigurationError when there is none, or one that is wished for is missing
 */
export function chooseFolds(
  folder: string,
  folds: readonly Fold[],
  wishes: Readonly<Record<'seed' | 'fold', Some>>,
): Fold[] {
  const has = `It has: ${enumerate(folds.map(({ seed, fold }) => `seed ${seed} fold ${fold}`))}.`;
  for (const word of ['seed', 'fold'] as const) {
    const there = new Set(folds.map((fold) => fold[word]));
    const missing = numbersOf(wishes[word]).find((number) => !there.has(number));
    if (missing !== undefined) {
      throw new ConfigurationError(`The contract folder "${folder}" has no ${word} ${missing}. ${has}`);
    }
    if (wishes[word] === undefined && there.size > 1) {
      throw new ConfigurationError(
        `The contract folder "${folder}" has several ${word}s. Name one, a list of them, or "all". ${has}`,
      );
    }
  }
  const fits = (wish: Some, number: number): boolean =>
    wish === undefined || wish === 'all' || numbersOf(wish).includes(number);
  const fitting = folds.filter(({ seed, fold }) => fits(wishes.seed, seed) && fits(wishes.fold, fold));
  if (fitting.length > 0) return fitting;
  throw new ConfigurationError(`The contract folder "${folder}" has no fold that fits. ${has}`);
}

function numbersOf(wish: Some): readonly number[] {
  if (wish === undefined || wish === 'all') return [];
  return typeof wish === 'number' ? [wish] : wish;
}

/**
 * @returns the one family of experts that is wished for
 * @throws ConfigurationError when there is none, or several are
 */
export function chooseFamily(folder: string, families: readonly string[], wished?: string): string {
  const fitting = families.filter((name) => name === (wished ?? name));
  if (fitting.length === 1) return fitting[0];
  const has = `unimodal_preds has: ${enumerate(families)}.`;
  if (wished === undefined) {
    throw new ConfigurationError(
      `The contract folder "${folder}" does not have experts of one kind. Name one with experts. ${has}`,
    );
  }
  throw new ConfigurationError(
    `The contract folder "${folder}" has no experts "${wished}".${didYouMean(wished, families)} ${has}`,
  );
}

function spelt(word: string, number: number | undefined): string {
  return number === undefined ? '' : ` ${word} ${number}`;
}

async function namesIn(folder: string, workspace: Workspace): Promise<string[]> {
  return (await readdir(await workspace.locate(folder, 'contract folder', 'folder'))).sort();
}

/** The numbers in the names that fit, ascending. A name with a leading zero is of nobody's making. */
function numbersIn(names: readonly string[], pattern: RegExp): number[] {
  return names
    .map((name) => pattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined && String(Number(digits)) === digits)
    .map(Number)
    .sort((one, other) => one - other);
}
