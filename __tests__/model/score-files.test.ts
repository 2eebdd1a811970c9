import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import type { ModalityConfig } from '../../src/config/gate-config.ts';
import { ConfigurationError } from '../../src/foundation/errors.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { readRouterWeights } from '../../src/model/cached-experts/router-weights.ts';
import { readCleanReliability } from '../../src/model/clean-reliability.ts';
import { readScoreBank } from '../../src/model/score-bank.ts';
import { fusionGate, inMemory } from './cached-experts/in-memory.ts';

/** Its `bank.npz`: ids d, b, a, c (3, 1, 0, 2 as numbers); audio 0..11 in rows of three draws, video 100 more. */
const workspace = openWorkspace(fileURLToPath(new URL('../fixtures/diagnostic', import.meta.url)));

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as ConfigurationError).message;
}

describe('a score bank', () => {
  const DATA = inMemory({ name: ['a', 'b', 'c', 'd'], number: [0, 1, 2, 3] }, [3, 1]);
  const modalities: ModalityConfig[] = fusionGate(['audio', 'video']).modalities.slice();
  const bank = (audio: string, video = 'video', id?: string) => ({
    path: 'bank.npz',
    id,
    scores: { audio, video },
  });
  const read = (given: ReturnType<typeof bank>, idColumn?: string, data = DATA) =>
    readScoreBank(given, modalities, data, idColumn, workspace);
  const plain = async (promise: ReturnType<typeof read>) => {
    const { count, scores } = await promise;
    return { count, scores: scores.map((values) => [...values]) };
  };

  it('is read draw by draw, in the order of the evaluated rows', async () => {
    expect(await plain(read(bank('audio')))).toEqual({
      count: 3,
      scores: [
        [9, 3, 10, 4, 11, 5],
        [109, 103, 110, 104, 111, 105],
      ],
    });
  });

  it('is matched by ids, of text or of numbers', async () => {
    // Rows d and b are the bank's rows 0 and 1.
    const expected = [0, 3, 1, 4, 2, 5];
    expect((await plain(read(bank('audio', 'video', 'ids'), 'name'))).scores[0]).toEqual(expected);
    expect((await plain(read(bank('audio', 'video', 'numbers'), 'number'))).scores[0]).toEqual(expected);
  });

  const TABLE: readonly (readonly [
    sentence: string,
    given: ReturnType<typeof bank>,
    idColumn?: string,
    data?: typeof DATA,
  ])[] = [
    [
      'The score bank "bank.npz" is matched by its array "ids", but the evaluation set has no id column; name one as columns.id.',
      bank('audio', 'video', 'ids'),
    ],
    [
      'The score bank "bank.npz" has no row with id "z", which the evaluation set "eval.npz" evaluates.',
      bank('audio', 'video', 'ids'),
      'name',
      inMemory({ name: ['a', 'z'] }),
    ],
    [
      'The array "repeated" of the score bank "bank.npz" has the id "b" twice; each row needs an id of its own.',
      bank('audio', 'video', 'repeated'),
      'name',
    ],
    [
      'The arrays "audio" [4, 3] and "fewer_draws" [4, 2] of the score bank "bank.npz" differ in shape; all need the same rows and the same number of draws.',
      bank('audio', 'fewer_draws'),
    ],
    [
      'The array "no_draws" of the score bank "bank.npz" is float64 with shape [4, 0]; numbers with shape [rows, draws] are needed, and at least one draw.',
      bank('no_draws', 'no_draws'),
    ],
    [
      'The array "flat" of the score bank "bank.npz" is float64 with shape [4]; numbers with shape [rows, draws] are needed, and at least one draw.',
      bank('flat'),
    ],
    [
      'The array "text" of the score bank "bank.npz" is <U1 with shape [4, 1]; numbers with shape [rows, draws] are needed, and at least one draw.',
      bank('text'),
    ],
    [
      'The array "holes" of the score bank "bank.npz" is NaN in row 1, which is evaluated; finite scores are needed.',
      bank('holes'),
    ],
    [
      'The score bank "bank.npz" has 4 rows and the evaluation set "eval.npz" evaluates row 4; give both the same rows, or name the bank\'s id array.',
      bank('audio'),
      undefined,
      inMemory({ name: ['a', 'b', 'c', 'd', 'e'] }),
    ],
  ];

  it.each(TABLE.map(([sentence, ...given]) => ({ sentence, given })))(
    '$sentence',
    async ({ sentence, given }) => {
      expect(await refusal(read(...given))).toBe(sentence);
    },
  );
});

describe('router weights', () => {
  it('are W [2M, M] and b [M], row by row', async () => {
    const { W, b } = await readRouterWeights('bank.npz', 2, workspace);
    expect([...W]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...b]).toEqual([0.5, -0.5]);
  });

  it('are refused for another number of modalities', async () => {
    expect(await refusal(readRouterWeights('bank.npz', 3, workspace))).toBe(
      'The array "W" of "bank.npz" is float64 with shape [4, 2]; a linear router over 3 modalities needs numbers with shape [6, 3].',
    );
  });
});

describe('clean scores in one column', () => {
  const gate = (order: readonly string[]) =>
    fusionGate(['a', 'b'], {}, { reliability: { tensor: 'Q', column: 'Q', order, axis: 1 } });
  const data = inMemory({ Q: { width: 2, values: [1, 10, 2, 20, 3, 30] } }, [2, 0]);

  it('are split in the order that the config gives', async () => {
    expect(await readCleanReliability(gate(['b', 'a']), data)).toEqual([
      { width: 1, values: Float64Array.of(30, 10) },
      { width: 1, values: Float64Array.of(3, 1) },
    ]);
  });

  it('need one per modality', async () => {
    expect(await refusal(readCleanReliability(gate(['a', 'b', 'c']), data))).toBe(
      'The reliability column "Q" has shape [2, 2]; with order: [a, b, c] it must be [rows, 3].',
    );
  });
});
