import { totalOf, type Cells, type Counts } from './cells.ts';
import type { Accuracies, MetricName } from './diagnosis.ts';

/** The metrics that follow from the right predictions per class alone. */
export type CountedName = 'accuracy' | 'balanced-accuracy';

export function isCounted(name: MetricName): name is CountedName {
  return Object.hasOwn(COUNTED, name);
}

/**
 * A metric as an exact fraction over one fixed denominator, so that two sets of predictions tie exactly when they are
 * equally good: the last bit of a floating-point sum never decides a p-value.
 */
export interface CountedMetric {
  readonly name: CountedName;
  /** Number of cells F * C. */
  readonly cells: number;
  readonly denominator: bigint;
  /** @param hits number of right predictions per cell [F * C] */
  numerator(hits: Counts): bigint;
}

/**
 * The mean over folds of the metric within each.
 *
 * @param among numbers of the folds that count. Default: all
 */
export function metricFor(
  name: CountedName,
  cells: Cells,
  among: readonly number[] = [...cells.folds.names.keys()],
): CountedMetric {
  const { sizes, classes } = cells;
  const folds = BigInt(among.length);
  // A right prediction adds one in so many to the metric; 0 where its cell does not count.
  const parts = new Array<bigint>(sizes.length).fill(0n);
  for (const fold of among) {
    const ofFold = sizes.subarray(fold * classes, (fold + 1) * classes);
    COUNTED[name](ofFold).forEach((part, c) => (parts[fold * classes + c] = folds * part));
  }
  const denominator = parts.filter((part) => part > 0n).reduce(leastCommonMultiple, 1n);
  const weights = parts.map((part) => (part > 0n ? denominator / part : 0n));
  return {
    name,
    cells: sizes.length,
    denominator,
    numerator: (hits) => {
      let sum = 0n;
      for (let cell = 0; cell < hits.length; cell++) sum += BigInt(hits[cell]) * weights[cell];
      return sum;
    },
  };
}

/** Both metrics as a function of the right predictions per cell [F * C]. */
export function accuraciesFor(cells: Cells): (hits: Counts) => Accuracies {
  const accuracy = metricFor('accuracy', cells);
  const balanced = metricFor('balanced-accuracy', cells);
  return (hits) => ({
    accuracy: fraction(accuracy.numerator(hits), accuracy.denominator),
    balancedAccuracy: fraction(balanced.numerator(hits), balanced.denominator),
  });
}

/** Of how many right predictions each is one where all are right, by class; 0 for classes that do not occur. */
const COUNTED: Record<CountedName, (sizes: Counts) => bigint[]> = {
  accuracy: (sizes) => {
    const all = BigInt(totalOf(sizes));
    return Array.from(sizes, (size) => (size > 0 ? all : 0n));
  },
  // Mean recall over the classes that occur, as scikit-learn's balanced_accuracy_score.
  'balanced-accuracy': (sizes) => {
    const present = BigInt(sizes.filter((size) => size > 0).length);
    return Array.from(sizes, (size) => present * BigInt(size));
  },
};

/** numerator / denominator as the nearest number, or as near as 64 binary places where they outgrow exact integers. */
export function fraction(numerator: bigint, denominator: bigint): number {
  const exact = BigInt(Number.MAX_SAFE_INTEGER);
  const fits = denominator <= exact && numerator <= exact && numerator >= -exact;
  return fits ? Number(numerator) / Number(denominator) : Number((numerator << 64n) / denominator) / 2 ** 64;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
