/** Which fold of a folder in the layout of the paper's code is meant. What is left out must be the only one there is. */
export interface ContractWishes {
  readonly seed?: number;
  readonly fold?: number;
  /** The folder in `unimodal_preds`: `lr`, `hgb`, ... */
  readonly experts?: string;
  /**
   * The paper's corruption control: scores are those of `qsyn/clean`, and where one is 0 its expert has a logit of this
   * size for the wrong class. Undefined: scores and experts as they are.
   */
  readonly corruption?: number;
}

/** One, some or all of the numbers that there are. Undefined: the only one there is. */
export type Some = number | readonly number[] | 'all' | undefined;

/** One split of the examples into training and test. */
export interface Fold {
  readonly seed: number;
  readonly fold: number;
}

/** Where the layout has the files of one fold, relative to its folder. */
export const FILES = {
  union: () => 'union/union.npz',
  trainIds: ({ seed, fold }: Fold) => `splits/seed_${seed}/train_ids_fold${fold}.npy`,
  testIds: ({ seed, fold }: Fold) => `splits/seed_${seed}/test_ids_fold${fold}.npy`,
  quality: ({ seed, fold }: Fold) => `quality/seed_${seed}/fold_${fold}.npz`,
  corruptionScores: ({ seed, fold }: Fold) => `qsyn/clean/seed_${seed}/fold_${fold}.npz`,
  experts: ({ seed, fold }: Fold, family: string) => `unimodal_preds/${family}/seed_${seed}/fold_${fold}.npz`,
  router: ({ seed, fold }: Fold) => `reports/moe/routers/router_seed${seed}_fold${fold}.npz`,
} as const;
