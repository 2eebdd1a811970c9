import type { ClassTally } from './class-tally.ts';
import { asIntegers, nearestNumber, sumOf, type Fraction } from './exact-fraction.ts';

/** An average of the F1 of each class, as the number nearest to the exact fraction. */
export type AverageF1 = (tally: ClassTally) => number;

/** Mean over the classes that examples or predictions have: scikit-learn's `average="macro"` of one class per example. */
export const macroF1OfOccurring: AverageF1 = (tally) => {
  const { classes } = exactly(tally);
  return mean(classes.filter(({ either }) => either > 0n).map(f1));
};

/** Mean over all labels, those that never occur with an F1 of 0: `average="macro"` of label sets. */
export const macroF1OfAll: AverageF1 = (tally) => mean(exactly(tally).classes.map(f1));

/** F1 of all classes together: `average="micro"`. With one class per example it is the accuracy. */
export const microF1: AverageF1 = (tally) => {
  const { classes } = exactly(tally);
  const sum = (key: 'hits' | 'either') => classes.reduce((total, of) => total + of[key], 0n);
  return nearestNumber(f1({ hits: sum('hits'), either: sum('either') }));
};

/** Mean weighted by how many examples have the class: `average="weighted"`. 0 where none has any. */
export const weightedF1: AverageF1 = (tally) => {
  const { classes, supportOfAll } = exactly(tally);
  if (supportOfAll === 0n) return 0;
  const terms = classes.map((of) => ({ ...f1(of), numerator: f1(of).numerator * of.support }));
  return over(sumOf(terms), supportOfAll);
};

interface ExactTally {
  readonly hits: bigint;
  readonly support: bigint;
  /** Support and predicted together. */
  readonly either: bigint;
}

/** 2 hits / (support + predicted), the harmonic mean of precision and recall; 0 where there is neither. */
function f1({ hits, either }: Pick<ExactTally, 'hits' | 'either'>): Fraction {
  return { numerator: 2n * hits, denominator: either > 0n ? either : 1n };
}

function mean(terms: readonly Fraction[]): number {
  return over(sumOf(terms), BigInt(terms.length));
}

function over({ numerator, denominator }: Fraction, divisor: bigint): number {
  return nearestNumber({ numerator, denominator: denominator * divisor });
}

function exactly({ hits, support, predicted }: ClassTally): {
  classes: readonly ExactTally[];
  supportOfAll: bigint;
} {
  const width = hits.length;
  const sums = new Float64Array(3 * width);
  [hits, support, predicted].forEach((values, at) => {
    sums.set(values, at * width);
  });
  const exact = asIntegers(sums);
  const classes = Array.from({ length: width }, (_, c): ExactTally => ({
    hits: exact[c],
    support: exact[width + c],
    either: exact[width + c] + exact[2 * width + c],
  }));
  return { classes, supportOfAll: classes.reduce((sum, of) => sum + of.support, 0n) };
}
