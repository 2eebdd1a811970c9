import { describe, expect, it } from 'vitest';

import { lackingWhereAbsent, readNumbers } from '../../src/evaluation-set/numbers.ts';
import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { selectRows } from '../../src/evaluation-set/select-rows.ts';
import { fixtures, openText, sentenceOf } from './fixtures.ts';

type Modalities = Parameters<typeof selectRows>[2];

const set = await openEvaluationSet('set.npz', fixtures);
const both: Modalities = [{ presence: 'M_a' }, { presence: 'M_v' }];

describe('selectRows', () => {
  it('keeps the rows of the subset where every modality is present', async () => {
    const { data, total } = await selectRows(set, { label: 'y', id: 'ids', subset: 'test' }, both, [
      'Q_a',
      'E',
    ]);
    expect(total).toBe(6);
    expect(data.rows).toEqual(Uint32Array.of(0, 1, 5));
    expect(await data.read('y')).toMatchObject({ shape: [3], values: Float64Array.of(0, 1, 0) });
    expect((await data.read('E')).shape).toEqual([3, 3]);
    expect(data.nameRow(2)).toBe('row 5 (counting from 0; id "s5")');
  });

  it('keeps rows with a modality or more where available ones are asked for, and says which', async () => {
    const text = 'y,s,M,W,Q\n0,1,1,0,1\n1,1,0,0,\n0,1,0,1,\n1,0,1,1,4\n0,1,1,1,5\n1,1,1,1,6\n';
    const some = await openText('some.csv', text);
    const masked: Modalities = [
      { name: 'a', presence: 'M' },
      { name: 'v', presence: 'W' },
    ];
    const of = (modalities: Modalities) =>
      selectRows(some, { label: 'y', subset: 's' }, modalities, ['Q'], 'available');
    const { data, total } = await of(masked);
    expect(total).toBe(6);
    expect([...data.rows]).toEqual([0, 2, 4, 5]);
    expect(data.presence).toEqual([Uint8Array.of(1, 0, 1, 1), Uint8Array.of(0, 1, 1, 1)]);
    const { data: all } = await of([{ name: 'a', presence: 'M' }, {}]);
    expect([...all.rows]).toEqual([0, 1, 2, 4, 5]);
    expect(all.presence).toEqual([Uint8Array.of(1, 0, 0, 1, 1), undefined]);
    const lacking = lackingWhereAbsent(data.presence![0]);
    const { values } = await readNumbers(data, 'Q', 'reliability', lacking);
    expect([...values]).toEqual([1, NaN, 5, 6]);
    expect(await sentenceOf(() => readNumbers(data, 'Q', 'input'))).toBe(
      'The input column "Q" of "some.csv" is NaN in row 2 (counting from 0), which is evaluated; as rows on which a modality is absent are evaluated too, give it there what the model was trained with.',
    );
  });

  it('refuses available rows where there are none, or a modality is on a single one', async () => {
    const text = 'y,s,M,W\n0,1,0,0\n1,0,1,0\n1,0,1,1\n';
    const few = await openText('few.csv', text);
    const masked: Modalities = [
      { name: 'a', presence: 'M' },
      { name: 'v', presence: 'W' },
    ];
    const sentence = (subset?: string) =>
      sentenceOf(() => selectRows(few, { label: 'y', subset }, masked, [], 'available'));
    expect(await sentence('s')).toBe(
      'No row of "few.csv" is left to evaluate: of 3 rows, "s" keeps 1, "M" keeps 2 and "W" keeps 1; only rows of the subset on which a modality is present are evaluated.',
    );
    expect(await sentence()).toBe(
      'The modality "v" is present on 1 of the 2 evaluated rows of "few.csv", as the column "W" has it; scores change places among rows on which their modality is present, so at least 2 are needed. Evaluate more rows, or leave the modality out.',
    );
  });

  it('keeps all rows where nothing masks them, and takes numbers for ids', async () => {
    const { data } = await selectRows(set, { label: 'y', id: 'Q_a' }, [{}, {}], []);
    expect(data.rows).toEqual(Uint32Array.of(0, 1, 2, 3, 4, 5));
  });

  it('looks at the ids of evaluated rows only', async () => {
    const { data } = await selectRows(set, { label: 'y', id: 'doubled', subset: 'early' }, [], []);
    expect(data.nameRow(1)).toBe('row 1 (counting from 0; id "b")');
  });

  it.each<[string, Parameters<typeof selectRows>[1], Modalities, string[], string]>([
    [
      'a column of another length',
      { label: 'y' },
      [],
      ['Q_a', 'short'],
      'The columns of "set.npz" differ in their number of rows: y [6] int64, but short [5] float64. Every column that is used needs one row an example.',
    ],
    [
      'a mask with fractions',
      { label: 'y', subset: 'half' },
      [],
      [],
      'The column "half" of "set.npz", used as a mask, holds 0.5 in row 2 (counting from 0); it may hold only 0 and 1, or false and true.',
    ],
    [
      'a mask of vectors',
      { label: 'y' },
      [{ presence: 'E' }],
      [],
      'The column "E" of "set.npz", used as a mask, has the shape [6, 3]; one value a row is needed.',
    ],
    [
      'a mask of text',
      { label: 'y', subset: 'ids' },
      [],
      [],
      'The column "ids" of "set.npz", used as a mask, holds text, "s0" in row 0 (counting from 0); numbers are needed.',
    ],
    [
      'masks that leave nothing',
      { label: 'y', subset: 'test' },
      [{ presence: 'M_a' }, { presence: 'none' }],
      [],
      'No row of "set.npz" is left to evaluate: of 6 rows, "test" keeps 4, "M_a" keeps 5 and "none" keeps 0; only rows that all of them keep are evaluated.',
    ],
    [
      'an id that stands twice',
      { label: 'y', id: 'doubled' },
      [],
      [],
      'The id "b" stands twice in the column "doubled": in row 1 and in row 5 (counting from 0). Every evaluated row needs an id of its own.',
    ],
    [
      'ids that are vectors',
      { label: 'y', id: 'E' },
      [],
      [],
      'The id column E [6, 3] float32 needs one value a row.',
    ],
    [
      'a label that is one value',
      { label: 'threshold' },
      [],
      [],
      'The column "threshold" of "set.npz" is a single value (shape []); a column has one value, or one vector, in every row.',
    ],
  ])('refuses %s', async (_, columns, modalities, used, sentence) => {
    expect(await sentenceOf(() => selectRows(set, columns, modalities, used))).toBe(sentence);
  });

  it('refuses a mask with a gap', async () => {
    const gap = await openText('gap.csv', 'y,M\n1,1\n0,\n');
    expect(await sentenceOf(() => selectRows(gap, { label: 'y' }, [{ presence: 'M' }], []))).toBe(
      'The column "M" of "gap.csv", used as a mask, holds NaN in row 1 (counting from 0); it may hold only 0 and 1, or false and true.',
    );
  });

  it('refuses ids that JSON has rounded', async () => {
    const big = await openText('big.jsonl', '{"y": 1, "id": 5}\n{"y": 0, "id": 9007199254740993}\n');
    expect(await sentenceOf(() => selectRows(big, { label: 'y', id: 'id' }, [], []))).toBe(
      'The id column "id" holds 9007199254740992 in row 1 (counting from 0), where numbers are rounded (beyond 2^53 - 1) and two ids may become one. Write ids of this size as text.',
    );
  });

  it('checks the length of a column that nobody announced', async () => {
    const { data } = await selectRows(set, { label: 'y' }, [], []);
    expect(await sentenceOf(() => data.read('short'))).toBe(
      'The columns of "set.npz" differ in their number of rows: y [6] int64, but short [5] float64. Every column that is used needs one row an example.',
    );
  });

  it('says so when there are no rows at all', async () => {
    const empty = await openText('empty.csv', 'y,Q\n');
    expect(await sentenceOf(() => selectRows(empty, { label: 'y' }, [], ['Q']))).toBe(
      '"empty.csv" has no rows.',
    );
  });
});

describe('readNumbers', () => {
  it('reads the finite numbers of the evaluated rows, whatever the others are', async () => {
    const { data } = await selectRows(set, { label: 'y', subset: 'test' }, both, ['Q_v']);
    expect((await readNumbers(data, 'Q_v', 'reliability')).values).toEqual(Float64Array.of(0.1, 0.2, 0.6));
  });

  it.each([
    [{ label: 'y', id: 'ids' }, 'NaN in row 2 (counting from 0; id "s2")'],
    [{ label: 'y', subset: 'M_a' }, 'Infinity in row 4 (counting from 0)'],
  ])('names the row and the id of a score that is not finite', async (columns, found) => {
    const { data } = await selectRows(set, columns, [], []);
    expect(await sentenceOf(() => readNumbers(data, 'Q_v', 'reliability'))).toBe(
      `The reliability column "Q_v" of "set.npz" is ${found}, which is evaluated; mend the value, or mark the row absent in the modality's presence column.`,
    );
  });

  it('names the first text that is no number', async () => {
    const csv = await openText('scores.csv', 'y,Q\n1,0.5\n0,n/a\n');
    const { data } = await selectRows(csv, { label: 'y' }, [], ['Q']);
    expect(await sentenceOf(() => readNumbers(data, 'Q', 'reliability'))).toBe(
      'The reliability column "Q" of "scores.csv" holds text, "n/a" in row 1 (counting from 0); numbers are needed.',
    );
  });
});
