import { describe, expect, it } from 'vitest';

import type { GateConfig } from '../../../src/config/gate-config.ts';
import { replayProblem } from '../../../src/diagnostic/replay-check.ts';
import { ConfigurationError } from '../../../src/foundation/errors.ts';
import { freezeFusion } from '../../../src/model/cached-experts/freeze-fusion.ts';
import { fusionGate, inMemory } from './in-memory.ts';

const COLUMNS = {
  Q_a: [0.9, 0.2, 0.5, 0],
  Q_b: [0.1, 0.8, 0.5, 0],
  p_a: [0.8, 0.4, 0.5, 0.9],
  p_b: [0.3, 0.9, 0.5, 0.2],
};
/** By hand: the weights are 0.9 and 0.1, 0.2 and 0.8, and twice a half. */
const FUSED = [0.75, 0.8, 0.5, 0.55];
const wide = (width: number, values: readonly number[]) => ({ width, values });

const freeze = (
  gate: GateConfig = fusionGate(['a', 'b']),
  columns: Parameters<typeof inMemory>[0] = COLUMNS,
  rows?: readonly number[],
) => freezeFusion(gate, inMemory(columns, rows), { temperature: 1 });

/** The sentence that a user gets. */
async function refusal(...args: Parameters<typeof freeze>): Promise<string> {
  const error: unknown = await freeze(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as ConfigurationError).message;
}

describe('cached experts as a frozen fusion', () => {
  it('replay, predict and decide as counted by hand', async () => {
    const fusion = await freeze();
    expect(fusion).toMatchObject({ rows: 4, classes: 2, modalities: ['a', 'b'], tolerance: 0 });
    expect(fusion.engine).toBe('cached experts (weighted-mean)');
    const replayed = await fusion.replay(fusion.reliability);
    replayed.forEach((value, i) => {
      expect(value).toBeCloseTo(FUSED[i], 15);
    });
    expect([...(await fusion.predict(fusion.reliability))]).toEqual([1, 1, 1, 1]);
    expect(fusion.experts!.map(({ classes }) => [...classes])).toEqual([
      [1, 0, 1, 1],
      [0, 1, 1, 0],
    ]);
    expect([...fusion.experts![0].posteriors!.subarray(0, 2)]).toEqual([1 - 0.8, 0.8]);
    await fusion.close();
  });

  it('are of the evaluated rows alone', async () => {
    const fusion = await freeze(fusionGate(['a', 'b']), COLUMNS, [3, 1]);
    expect(fusion.rows).toBe(2);
    expect([...fusion.reliability[1].values]).toEqual([0, 0.8]);
    expect((await fusion.replay(fusion.reliability))[1]).toBeCloseTo(FUSED[1], 15);
  });

  it('decide, fused and alone, by the threshold of the config', async () => {
    const fusion = await freeze(fusionGate(['a', 'b'], {}, { output: { decisionThreshold: 0.78 } }));
    expect([...(await fusion.predict(fusion.reliability))]).toEqual([0, 1, 0, 0]);
    expect([...fusion.experts![0].classes]).toEqual([1, 0, 0, 1]);
  });

  it('give ties to class 1 in a single column, and to the lower class in several', async () => {
    const fusion = await freeze(fusionGate(['a', 'b']), {
      Q_a: [1, 1],
      Q_b: [1, 1],
      p_a: wide(3, [0.5, 0.5, 0, 0.2, 0.4, 0.4]),
      p_b: wide(3, [0.5, 0.5, 0, 0.2, 0.4, 0.4]),
    });
    expect(fusion.classes).toBe(3);
    expect([...(await fusion.predict(fusion.reliability))]).toEqual([0, 1]);
    expect([...fusion.experts![0].classes]).toEqual([0, 1]);
  });

  it('take the evidence of one modality from other rows, expert and all', async () => {
    const fusion = await freeze();
    const other = (await fusion.withEvidence(0, Uint32Array.of(1, 0, 2, 3)))!;
    const replayed = await other.replay(fusion.reliability);
    expect(replayed[0]).toBeCloseTo(0.9 * 0.4 + 0.1 * 0.3, 15);
    expect(replayed[1]).toBeCloseTo(0.2 * 0.8 + 0.8 * 0.9, 15);
    expect([...other.experts![0].classes]).toEqual([0, 1, 1, 1]);
    expect(other.experts![1]).toEqual(fusion.experts![1]);
    expect(await replayProblem(other)).toBeNull();
    expect((await fusion.replay(fusion.reliability))[0]).toBeCloseTo(FUSED[0], 15);
  });
});

describe('the outputs that the training code stored', () => {
  const gate = fusionGate(['a', 'b'], {}, { output: { column: 'fused' } });

  it('are replayed where they are those of the rule, in float32', async () => {
    const fusion = await freeze(gate, { ...COLUMNS, fused: FUSED.map(Math.fround) });
    expect(await replayProblem(fusion)).toBeNull();
  });

  it('make the gate invalid where they are not', async () => {
    const fusion = await freeze(gate, { ...COLUMNS, fused: [0.76, 0.8, 0.5, 0.55] });
    expect(await replayProblem(fusion)).toBe(
      "the replay of Clean-Q differs from the model's own output by up to 0.0100 (at most 0.0001 is allowed)",
    );
  });

  it('may differ by float32 arithmetic where logits are large', async () => {
    const logits = fusionGate(
      ['a'],
      { rule: 'logit-sum' },
      { modality: { expertKind: 'logits' }, output: { column: 'fused' } },
    );
    const columns = { Q_a: [1, 2], p_a: [5000, -3000.5] };
    expect(await replayProblem(await freeze(logits, { ...columns, fused: [5000.3, -6001] }))).toBeNull();
    expect(await replayProblem(await freeze(logits, { ...columns, fused: [5001, -6001] }))).not.toBeNull();
  });

  it('need the width of the rule', async () => {
    expect(await refusal(gate, { ...COLUMNS, fused: wide(2, [0, 1, 0, 1, 0, 1, 0, 1]) })).toBe(
      'The output column "fused" has shape [4, 2]; fusion rule weighted-mean gives 1 probabilities per row.',
    );
  });
});

describe('what does not fit a rule is refused:', () => {
  const logitsByDefault = { modality: { expertKind: undefined }, output: { kind: 'logits' } } as const;
  const three = wide(3, [0.2, 0.3, 0.5, 0.2, 0.3, 0.5, 0.2, 0.3, 0.5, 0.2, 0.3, 0.5]);

  const TABLE: readonly (readonly [
    sentence: string,
    gate: GateConfig,
    columns?: Parameters<typeof inMemory>[0],
  ])[] = [
    [
      'The reliability of "b" is -0.1 in row 1 (counting from 0); fusion rule weighted-mean needs scores that are at least 0.',
      fusionGate(['a', 'b']),
      { ...COLUMNS, Q_b: [0, -0.1, 0, 0] },
    ],
    [
      'The reliability of "a" is 1.5 in row 2 (counting from 0); fusion rule dempster needs scores that are between 0 and 1.',
      fusionGate(['a', 'b'], { rule: 'dempster' }),
      { ...COLUMNS, Q_a: [0, 1, 1.5, 0] },
    ],
    [
      'uniform-score is -1; fusion rule product-of-experts needs scores that are at least 0.',
      fusionGate(['a', 'b'], { rule: 'product-of-experts' }, { uniformScore: -1 }),
    ],
    [
      'The reliability of "a" has 2 numbers per row; fusion rule hard takes one.',
      fusionGate(['a', 'b'], { rule: 'hard' }),
      { ...COLUMNS, Q_a: wide(2, [1, 2, 3, 4, 5, 6, 7, 8]) },
    ],
    [
      'The expert "p_b" of b has 3 columns and "p_a" of a has 1; all experts must have the same classes.',
      fusionGate(['a', 'b']),
      { ...COLUMNS, p_b: three },
    ],
    [
      'The expert column "p_a" has shape [1, 0]; [rows] or [rows, classes] is needed.',
      fusionGate(['a']),
      { Q_a: [1], p_a: wide(0, []) },
    ],
    [
      'The expert column "p_a" is said to hold probabilities, but evaluated row 1 has -2; if these are logits, say expert-kind: logits.',
      fusionGate(['a']),
      { ...COLUMNS, p_a: [0.5, -2, 3, 1] },
    ],
    [
      'The expert column "p_a" is said to hold probabilities, but evaluated row 3 sums to 0.9; if these are logits, say expert-kind: logits.',
      fusionGate(['a']),
      { ...COLUMNS, p_a: { ...three, values: three.values.with(-1, 0.4) } },
    ],
    [
      'The expert column "p_a" is taken for logits, but every row looks like probabilities (in [0, 1]); say expert-kind: probabilities (for all of them, output-kind: probabilities), or expert-kind: logits if they really are.',
      fusionGate(['a'], {}, logitsByDefault),
    ],
    [
      'The expert column "p_a" is taken for logits, but every row looks like probabilities (in [0, 1], summing to 1); say expert-kind: probabilities (for all of them, output-kind: probabilities), or expert-kind: logits if they really are.',
      fusionGate(['a'], {}, logitsByDefault),
      { ...COLUMNS, p_a: three },
    ],
    [
      'The expert column "p_a" is of kind score with 1 column; a fusion rule needs probabilities or logits, or evidence with a column per class.',
      fusionGate(['a'], {}, { modality: { expertKind: 'score' } }),
    ],
    [
      'The expert column "p_a" is of kind evidence with 1 column; a fusion rule needs probabilities or logits, or evidence with a column per class.',
      fusionGate(['a'], { rule: 'dempster' }, { modality: { expertKind: 'evidence' } }),
    ],
    [
      'The expert column "p_a" is -4 in row 1 (counting from 0); evidence is at least 0.',
      fusionGate(['a'], { rule: 'dempster' }, { modality: { expertKind: 'evidence' } }),
      { Q_a: [0, 1], p_a: wide(2, [1, 2, 3, -4]) },
    ],
    [
      'output.decision-threshold is for two classes, but the experts that fusion rule weighted-mean combines have 3; remove it.',
      fusionGate(['a'], {}, { output: { decisionThreshold: 0.5 } }),
      { ...COLUMNS, p_a: three },
    ],
    [
      'output.decision-threshold is 1.5; for fusion rule weighted-mean it is the probability of class 1 and lies between 0 and 1.',
      fusionGate(['a'], {}, { output: { decisionThreshold: 1.5 } }),
    ],
    [
      'output.classes names 2 classes, but the experts that fusion rule weighted-mean combines have 3; name one for each.',
      fusionGate(['a'], {}, { output: { classes: ['no', 'yes'] } }),
      { ...COLUMNS, p_a: three },
    ],
  ];

  it.each(TABLE.map(([sentence, gate, columns]) => ({ sentence, gate, columns })))(
    '$sentence',
    async (row) => {
      const { sentence, gate, columns } = row;
      expect(await refusal(gate, columns)).toBe(sentence);
    },
  );

  it('the row is named as in the file, whichever rows are evaluated', async () => {
    expect(await refusal(fusionGate(['a', 'b']), { ...COLUMNS, Q_b: [-5, 1, 1, -0.1] }, [1, 3])).toContain(
      'is -0.1 in row 3 (counting from 0)',
    );
  });

  it('not scores of any sign where a rule takes them', async () => {
    const columns = { ...COLUMNS, Q_a: [-1, -2, 3, 400] };
    for (const rule of ['softmax', 'hard', 'logit-sum'] as const) {
      expect((await freeze(fusionGate(['a', 'b'], { rule }), columns)).rows).toBe(4);
    }
  });

  it('not logits in [0, 1] that the user calls so', async () => {
    const gate = fusionGate(['a', 'b'], {}, { modality: { expertKind: 'logits' } });
    expect((await freeze(gate)).rows).toBe(4);
  });
});
