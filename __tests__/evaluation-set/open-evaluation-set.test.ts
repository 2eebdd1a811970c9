import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { fixtures, openText, sentenceOf } from './fixtures.ts';

describe('openEvaluationSet', () => {
  it('says which file it is', async () => {
    const set = await openEvaluationSet('set.npz', fixtures);
    const bytes = readFileSync(join(fixtures.base, 'set.npz'));
    expect(set.path).toBe('set.npz');
    expect(set.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('reads a column once', async () => {
    const set = await openEvaluationSet('set.npz', fixtures);
    expect(await set.read('Q_a')).toBe(await set.read('Q_a'));
  });

  it('does not mind how the extension is written', async () => {
    expect((await (await openText('X.CSV', 'y\n1\n')).read('y')).values).toEqual(Float64Array.of(1));
  });

  it('lists the columns and names the nearest when one is missing', async () => {
    const set = await openEvaluationSet('set.npz', fixtures);
    expect(await sentenceOf(() => set.read('Q_b'))).toBe(
      '"set.npz" has no column "Q_b". Did you mean "Q_a"? It has: ids [6] object, y [6] int64, Q_a [6] float64, ' +
        'Q_v [6] float64, E [6, 3] float32, M_a [6] uint8, M_v [6] bool, test [6] int64, early [6] int64, none [6] float64, ' +
        'half [6] float64, doubled [6] <U1, classes [2] <U3, short [5] float64, meta [] object and threshold [] float64.',
    );
  });

  it('refuses a single value where rows are needed', async () => {
    const set = await openEvaluationSet('set.npz', fixtures);
    expect(await sentenceOf(() => set.read('threshold'))).toBe(
      'The column "threshold" of "set.npz" is a single value (shape []); a column has one value, or one vector, in every row.',
    );
  });

  it('names the opcode that a pickled dict would need, and only when the dict is asked for', async () => {
    const set = await openEvaluationSet('set.npz', fixtures);
    expect(await sentenceOf(() => set.read('meta'))).toBe(
      'The column "meta" of "set.npz" is a pickle with the opcode EMPTY_DICT, which is not executed: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.',
    );
  });

  it.each([
    [
      'set.txt',
      'The evaluation set "set.txt" has the extension ".txt"; .npz, .csv, .jsonl and .parquet are read.',
    ],
    [
      'set.npy',
      'The evaluation set "set.npy" has the extension ".npy"; .npz, .csv, .jsonl and .parquet are read. Did you mean ".npz"?',
    ],
    ['set', 'The evaluation set "set" has the extension ""; .npz, .csv, .jsonl and .parquet are read.'],
    ['sets.npz', 'The evaluation set "sets.npz" does not exist. Did you mean "set.npz"?'],
  ])('refuses %s', async (path, sentence) => {
    expect(await sentenceOf(() => openEvaluationSet(path, fixtures))).toBe(sentence);
  });

  it.skipIf(process.platform === 'win32' /* has no pipes among its files */)(
    'does not wait for a pipe (Windows has none among its files)',
    async () => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pipe-')));
      execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
      expect(await sentenceOf(() => openEvaluationSet('pipe.csv', openWorkspace(folder)))).toBe(
        'The evaluation set "pipe.csv" is a pipe or a device; a file is needed here.',
      );
      rmSync(folder, { recursive: true });
    },
  );
});
