import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import type { ContractWishes } from '../../src/evaluation-set/contract/contract-fold.ts';
import { idsHash } from '../../src/evaluation-set/contract/ids-hash.ts';
import { openContract } from '../../src/evaluation-set/contract/open-contract.ts';
import { npzBytes, type StoredArray } from '../../src/evaluation-set/npz-bytes.ts';
import { openNpz } from '../../src/evaluation-set/npz.ts';
import { openWorkspace, type Workspace } from '../../src/foundation/workspace.ts';

const SOUND = fileURLToPath(new URL('../fixtures/contract', import.meta.url));
const sound = openWorkspace(SOUND);
const FOLD = { seed: 11, fold: 0 };
const QUALITY = 'quality/seed_11/fold_0.npz';
const EXPERTS = 'unimodal_preds/lr/seed_11/fold_0.npz';
const UNION = 'union/union.npz';
const ROWS = 420;

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'contract-')));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});
let folders = 0;

/** A workspace with a copy of the sound folder, without its largest parts, changed by `spoil`. */
async function spoilt(spoil: (folder: string) => Promise<void> | void): Promise<Workspace> {
  const root = join(scratch, String(folders++));
  const folder = join(root, 'data');
  cpSync(SOUND, folder, { recursive: true, filter: (path) => !/brokenQ|reports|qsyn/.test(path) });
  await spoil(folder);
  return openWorkspace(root);
}

type Arrays = Record<string, StoredArray>;

/** Rewrites a `.npz` of the layout with some of its arrays changed. */
function rewriting(path: string, change: (arrays: Arrays) => void) {
  return async (folder: string): Promise<void> => {
    const npz = await openNpz(path, sound, 'test');
    const arrays: Arrays = {};
    for (const { name, shape } of npz.arrays.filter((array) => array.shape.length > 0)) {
      const { kind, values } = await npz.read(name);
      arrays[name] = { name, shape, values: kind === 'text' ? [...values] : Float64Array.from(values) };
    }
    change(arrays);
    writeFileSync(join(folder, path), Buffer.concat(npzBytes(Object.values(arrays))));
  };
}

/** An array with one value changed. */
function put(array: StoredArray, row: number, value: number | string): StoredArray {
  if (typeof value === 'number') {
    const values = Float64Array.from(array.values as Float64Array);
    values[row] = value;
    return { ...array, values };
  }
  return { ...array, values: (array.values as readonly string[]).with(row, value) };
}

/** Rows turned round. */
function reversed({ name, shape, values }: StoredArray): StoredArray {
  const width = values.length / shape[0];
  const rows = Array.from({ length: shape[0] }, (_, row) => values.slice(row * width, (row + 1) * width));
  const turned = rows.reverse().flatMap((row): (number | string)[] => [...row]);
  const isText = typeof turned[0] === 'string';
  return { name, shape, values: isText ? (turned as string[]) : Float64Array.from(turned as number[]) };
}

describe('openContract', () => {
  it('has the arrays of all files as columns, and the masks of the split', async () => {
    const set = await openContract('.', FOLD, sound);
    const names = set.columns.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'ids',
        'y',
        'E_a',
        'M_a',
        'Qa',
        'p_a',
        'train_mask',
        'test_mask',
        'full_only_test_mask',
      ]),
    );
    expect(names).not.toContain('meta');
    expect(set.columns.every(({ shape }) => shape[0] === ROWS)).toBe(true);
    const experts = await openNpz(EXPERTS, sound, 'test');
    for (const name of ['y', 'train_mask', 'test_mask', 'full_only_test_mask']) {
      const [ours, theirs] = [await set.read(name), await experts.read(name)];
      expect(Array.from<unknown>(ours.values)).toEqual(Array.from<unknown>(theirs.values));
    }
    expect(set.path).toBe('. (lr, seed 11, fold 0)');
  });

  it('has a hash that tells folds apart', async () => {
    const hashes = [FOLD, { ...FOLD, fold: 1 }, { ...FOLD, corruption: 8 }].map(
      async (wishes) => (await openContract('.', wishes, sound)).sha256,
    );
    expect(new Set(await Promise.all(hashes)).size).toBe(3);
  });

  it.each([QUALITY, EXPERTS])('matches the rows of %s by id', async (path) => {
    const turn = rewriting(path, (arrays) => {
      for (const [name, array] of Object.entries(arrays)) arrays[name] = reversed(array);
    });
    const turned = await openContract('data', FOLD, await spoilt(turn));
    const straight = await openContract('.', FOLD, sound);
    for (const name of ['ids', 'Qa', 'p_v', 'E_p']) {
      expect(Array.from<unknown>((await turned.read(name)).values)).toEqual(
        Array.from<unknown>((await straight.read(name)).values),
      );
    }
  });

  it('takes the hash of the ids for ids, as their own files have it', async () => {
    const bank = await openNpz('qsyn/clean/seed_11/fold_0.npz', sound, 'test');
    const { values: ids } = await bank.read('ids_str');
    const { values: hash } = await bank.read('union_ids_hash');
    expect([idsHash(ids as string[])]).toEqual(hash);
    const hashed = rewriting(QUALITY, (arrays) => {
      delete arrays.ids;
      arrays.union_ids_hash = { name: 'union_ids_hash', shape: [], values: hash as string[] };
    });
    const set = await openContract('data', FOLD, await spoilt(hashed));
    expect((await set.read('Qa')).shape).toEqual([ROWS]);
  });

  it('makes the expert sure of the wrong class where the corruption is marked, and nowhere else', async () => {
    const [plain, corrupted] = await Promise.all(
      [FOLD, { ...FOLD, corruption: 3 }].map((wishes) => openContract('.', wishes, sound)),
    );
    const column = async (set: typeof plain, name: string) =>
      Array.from((await set.read(name)).values as ArrayLike<number>);
    const [before, after] = [await column(plain, 'p_a'), await column(corrupted, 'p_a')];
    const [marks, evaluated, labels] = [
      await column(corrupted, 'Qa'),
      await column(plain, 'full_only_test_mask'),
      await column(plain, 'y'),
    ];
    const changed = before.flatMap((value, row) => (Object.is(value, after[row]) ? [] : [row]));
    // Their report says so many.
    expect(changed).toHaveLength(55);
    for (const row of changed) {
      expect([marks[row], evaluated[row]]).toEqual([0, 1]);
      const logit = Math.log(after[row] / (1 - after[row]));
      expect(logit).toBeCloseTo(labels[row] === 1 ? -3 : 3, 9);
    }
    expect(await column(corrupted, 'p_v')).toEqual(await column(plain, 'p_v'));
  });
});

interface Mistake {
  readonly title: string;
  readonly spoil?: (folder: string) => Promise<void> | void;
  readonly wishes?: ContractWishes;
  readonly folder?: string;
  readonly sentence: string;
}

const FOLDS_THERE =
  'It has: seed 11 fold 0, seed 11 fold 1, seed 11 fold 2, seed 22 fold 0, seed 22 fold 1 and seed 22 fold 2.';
const firstId = 'breast_0000';

const MISTAKES: readonly Mistake[] = [
  {
    title: 'a folder that is not there',
    folder: 'dada',
    sentence: 'The contract folder "dada" does not exist. Did you mean "data"?',
  },
  {
    title: 'a folder that leads out of the workspace',
    spoil: (folder) => {
      rmSync(join(folder, 'unimodal_preds'), { recursive: true });
      symlinkSync(join(SOUND, 'unimodal_preds'), join(folder, 'unimodal_preds'));
    },
    sentence:
      'The contract folder "data/unimodal_preds" is outside the workspace. Only files below the workspace folder may be used; move it there.',
  },
  {
    title: 'a folder without scores',
    spoil: (folder) => {
      rmSync(join(folder, 'quality'), { recursive: true });
      mkdirSync(join(folder, 'quality/seed_011'), { recursive: true });
    },
    sentence: 'The contract folder "data" has no scores: no file like quality/seed_11/fold_0.npz is in it.',
  },
  {
    title: 'a fold that is not there',
    wishes: { seed: 11, fold: 7 },
    sentence: `The contract folder "data" has no seed 11 fold 7. ${FOLDS_THERE}`,
  },
  {
    title: 'a fold that is not named',
    wishes: { seed: 22 },
    sentence: `The contract folder "data" has 3 folds that fit, and a gate is about one. Name it with seed and fold. ${FOLDS_THERE}`,
  },
  {
    title: 'experts that are not there',
    wishes: { ...FOLD, experts: 'lrr' },
    sentence: 'The contract folder "data" has no experts "lrr". Did you mean "lr"? unimodal_preds has: lr.',
  },
  {
    title: 'experts of two kinds',
    spoil: (folder) => {
      mkdirSync(join(folder, 'unimodal_preds/hgb'));
    },
    sentence:
      'The contract folder "data" does not have experts of one kind. Name one with experts. unimodal_preds has: hgb and lr.',
  },
  {
    title: 'a split that is not there',
    spoil: (folder) => {
      rmSync(join(folder, 'splits/seed_11/test_ids_fold0.npy'));
    },
    sentence:
      'The split "data/splits/seed_11/test_ids_fold0.npy" does not exist. Did you mean "test_ids_fold1.npy"?',
  },
  {
    title: 'examples that were trained on',
    spoil: (folder) => {
      const splits = join(folder, 'splits/seed_11');
      cpSync(join(splits, 'train_ids_fold0.npy'), join(splits, 'test_ids_fold0.npy'));
    },
    sentence: `The id "${firstId}" stands in both "data/splits/seed_11/train_ids_fold0.npy" and "data/splits/seed_11/test_ids_fold0.npy"; an example that was trained on cannot be tested on.`,
  },
  {
    title: 'experts of another split',
    spoil: (folder) => {
      const experts = join(folder, dirname(EXPERTS));
      cpSync(join(experts, 'fold_1.npz'), join(experts, 'fold_0.npz'));
    },
    sentence:
      'The array "train_mask" of "data/unimodal_preds/lr/seed_11/fold_0.npz" is 1 in row 1 (counting from 0; id "breast_0001"), where the split says 0; the experts were made for another split or other labels.',
  },
  {
    title: 'experts with other labels',
    spoil: rewriting(EXPERTS, (arrays) => {
      arrays.y = put(arrays.y, 0, 1);
    }),
    sentence: `The array "y" of "data/${EXPERTS}" is 1 in row 0 (counting from 0; id "${firstId}"), where the union "data/${UNION}" says 0; the experts were made for another split or other labels.`,
  },
  {
    title: 'an id that the union does not have',
    spoil: rewriting(QUALITY, (arrays) => {
      arrays.ids = put(arrays.ids, 0, 'x');
    }),
    sentence: `"data/${QUALITY}" has no row with id "${firstId}", which the union "data/${UNION}" has; both must be about the same examples.`,
  },
  {
    title: 'an id twice',
    spoil: rewriting(UNION, (arrays) => {
      arrays.ids = put(arrays.ids, 4, firstId);
    }),
    sentence: `"data/${UNION}" has the id "${firstId}" twice, in row 0 and in row 4 (counting from 0); each example needs an id of its own.`,
  },
  {
    title: 'scores without ids',
    spoil: rewriting(QUALITY, (arrays) => {
      delete arrays.ids;
    }),
    sentence: `"data/${QUALITY}" has neither "ids" nor "ids_str" nor "union_ids_hash", so that nothing says which example a row is of.`,
  },
  {
    title: 'scores with the hash of other ids',
    spoil: rewriting(QUALITY, (arrays) => {
      delete arrays.ids;
      arrays.union_ids_hash = { name: 'union_ids_hash', shape: [], values: ['0'.repeat(64)] };
    }),
    sentence: `"data/${QUALITY}" is about other examples than the union "data/${UNION}", or in another order: its union_ids_hash is not that of the union's ids.`,
  },
  {
    title: 'scores without a modality',
    spoil: rewriting(QUALITY, (arrays) => {
      delete arrays.Qv;
    }),
    sentence: `"data/${QUALITY}" has no array "Qv". Did you mean "Qa"? It has: ids [420] <U11, Qa [420] float64 and Qp [420] float64.`,
  },
  {
    title: 'scores of another length',
    spoil: rewriting(QUALITY, (arrays) => {
      arrays.Qv = { name: 'Qv', shape: [2], values: Float64Array.of(1, 2) };
    }),
    sentence: `The array "Qv" of "data/${QUALITY}" has the shape [2]; one row for each of the 420 examples of the union is needed.`,
  },
  {
    title: 'a union without masks',
    spoil: rewriting(UNION, (arrays) => {
      delete arrays.M_a;
      delete arrays.M_v;
      delete arrays.M_p;
    }),
    sentence: `The union "data/${UNION}" has no array like "M_a", which is 1 where a modality was observed. It has: ids, y2, E_a, E_v and E_p.`,
  },
  {
    title: 'labels of three classes',
    spoil: rewriting(UNION, (arrays) => {
      arrays.y2 = put(arrays.y2, 2, 2);
    }),
    sentence: `The array "y2" of "data/${UNION}" is 2 in row 2 (counting from 0); labels of this layout are 0 and 1.`,
  },
];

describe('openContract has one sentence for', () => {
  it.each(MISTAKES.map((mistake) => [mistake.title, mistake] as const))('%s', async (_, mistake) => {
    const { spoil = () => undefined, wishes = FOLD, folder = 'data', sentence } = mistake;
    const workspace = await spoilt(spoil);
    const said = await openContract(folder, wishes, workspace).then(
      () => 'nothing',
      (error: unknown) => (error as Error).message,
    );
    expect(said).toBe(sentence);
  });
});
