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
  /** Number of classes C. */
  readonly classes: number;
  readonly denominator: bigint;
  /** @param hits number of right predictions per class [C] */
  numerator(hits: Uint32Array): bigint;
}

export function metricFor(name: CountedName, labels: Int32Array, classes: number): CountedMetric {
  return COUNTED[name](classCounts(labels, classes));
}

/** Both metrics as a function of the right predictions per class [C]. */
export function accuraciesFor(labels: Int32Array, classes: number): (hits: Uint32Array) => Accuracies {
  const accuracy = metricFor('accuracy', labels, classes);
  const balanced = metricFor('balanced-accuracy', labels, classes);
  return (hits) => ({
    accuracy: fraction(accuracy.numerator(hits), accuracy.denominator),
    balancedAccuracy: fraction(balanced.numerator(hits), balanced.denominator),
  });
}

const COUNTED: Record<CountedName, (counts: Uint32Array) => CountedMetric> = {
  accuracy: (counts) => ({
    name: 'accuracy',
    classes: counts.length,
    denominator: BigInt(counts.reduce((sum, count) => sum + count, 0)),
    numerator: (hits) => BigInt(hits.reduce((sum, hit) => sum + hit, 0)),
  }),
  // Mean recall over the classes that occur, as scikit-learn's balanced_accuracy_score.
  'balanced-accuracy': (counts) => {
    const present = [...counts].map(BigInt).filter((count) => count > 0n);
    const multiple = present.reduce(leastCommonMultiple, 1n);
    const weights = [...counts].map((count) => (count > 0 ? multiple / BigInt(count) : 0n));
    return {
      name: 'balanced-accuracy',
      classes: counts.length,
      denominator: multiple * BigInt(present.length),
      numerator: (hits) => hits.reduce<bigint>((sum, hit, c) => sum + BigInt(hit) * weights[c], 0n),
    };
  },
};

/** Examples of each class [C]. */
export function classCounts(labels: Int32Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]++;
  return counts;
}

/** Right predictions of each class [C]. */
export function countHits(predicted: Int32Array, labels: Int32Array, classes: number): Uint32Array {
  const hits = new Uint32Array(classes);
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) hits[labels[i]]++;
  return hits;
}

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
