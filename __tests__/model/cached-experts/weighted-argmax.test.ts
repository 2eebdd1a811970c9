import { describe, expect, it } from 'vitest';

import { randomFor, type Random } from '../../../src/diagnostic/random.ts';
import { weightedArgmax } from '../../../src/model/cached-experts/weighted-argmax.ts';
import { decide } from '../../../src/model/decision.ts';

interface Sums {
  readonly scores: readonly Float64Array[];
  readonly columns: readonly Float64Array[];
  readonly width: number;
  readonly normalises: boolean;
}

/** sum_m weight_m * column_m as the formula says it, one row and one class at a time. */
function sumPlainly({ scores, columns, width, normalises }: Sums): Float64Array {
  return columns[0].map((_, at) => {
    const row = Math.floor(at / width);
    const total = scores.reduce((sum, values) => sum + values[row], 0);
    const weightOf = (score: number) => (total > 0 ? score / total : 1 / scores.length);
    return columns.reduce((sum, values, m) => {
      const score = scores[m][row];
      return sum + (normalises ? weightOf(score) : score) * values[at];
    }, 0);
  });
}

function expectSameClasses(sums: Sums, threshold?: number): void {
  const { scores, columns, width, normalises } = sums;
  const argmax = weightedArgmax(columns, { width, normalises, cut: threshold })!;
  argmax.weights.forEach((weights, m) => {
    weights.set(scores[m]);
  });
  const decision = { kind: 'score', classes: Math.max(2, width), threshold } as const;
  expect(argmax.classes()).toEqual(decide(sumPlainly(sums), width, decision));
}

/** What scores and experts can be: ordinary, full of ties, certain, or beyond all measure. */
const KINDS: Readonly<Record<string, (random: Random) => number>> = {
  'ordinary numbers': (random) => random(),
  'ties and zeros': (random) => Math.floor(random() * 3) / 10,
  'numbers of both signs': (random) => random() - 0.3,
  'nothing but zeros': () => 0,
  'equal numbers': () => 0.1,
  'numbers that differ in the last bit': (random) => 0.3 + Math.floor(random() * 3) * 2 ** -54,
  'numbers of every magnitude': (random) => random() * 10 ** Math.floor(random() * 600 - 300),
  'numbers too small to be normal': (random) => Math.floor(random() * 4) * Number.MIN_VALUE,
  'numbers that overflow': (random) => (random() < 0.5 ? 1 : 0.9) * Number.MAX_VALUE,
};

describe('the classes are those of the plain formula, to the last tie', () => {
  for (const [scoreKind, score] of Object.entries(KINDS)) {
    it.each(Object.keys(KINDS))(`where scores are ${scoreKind} and experts %s`, (kind) => {
      const random = randomFor('argmax', scoreKind, kind);
      for (const [modalities, width, rows] of SIZES) {
        const some = (size: number, one: (random: Random) => number) =>
          Array.from({ length: modalities }, () => new Float64Array(size).map(() => one(random)));
        const signed = (drawn: Random) => KINDS[kind](drawn) * (drawn() < 0.5 ? -1 : 1);
        const scores = some(rows, score);
        for (const columns of [some(rows * width, KINDS[kind]), some(rows * width, signed)]) {
          for (const normalises of [true, false]) {
            const thresholds = width === 1 ? [0, 0.1, 0.3, -0.2] : [undefined];
            for (const threshold of thresholds) {
              expectSameClasses({ scores, columns, width, normalises }, threshold);
            }
          }
        }
      }
    });
  }
});

/** Modalities, columns, rows: rows also where they are no multiple of what is done at a time. */
const SIZES = [
  [1, 1, 9],
  [1, 2, 8],
  [2, 1, 40],
  [2, 2, 203],
  [3, 2, 1000],
  [3, 7, 101],
  [4, 3, 1],
  [5, 11, 64],
] as const;

// In units of the smallest number, 0.6 rounds up to 1 and 0.4 down to 0: three such products have the wrong sign.
it('scores whose products would be too small to be normal are left to the formula', () => {
  const eightRows = (...row: number[]) =>
    Float64Array.from({ length: 8 * row.length }, (_, i) => row[i % row.length]);
  const columns = [eightRows(-0.2, 1), eightRows(0.8, 0), eightRows(0.8, 0)];
  const scores = columns.map(() => eightRows(Number.MIN_VALUE));
  expectSameClasses({ scores, columns, width: 2, normalises: true });
});

it('columns beyond the memory that vector code may have are left to the plain formula', () => {
  const tooMany = { length: 2 ** 28, BYTES_PER_ELEMENT: 8 } as Float64Array;
  expect(weightedArgmax([tooMany], { width: 2, normalises: true })).toBeUndefined();
});
