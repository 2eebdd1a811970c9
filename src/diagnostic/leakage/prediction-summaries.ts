/** How sure a prediction is, or what it says, as one number an example. */
export interface Summary {
  /** Completes "rises with ...". */
  readonly name: string;
  /** [N] */
  readonly values: Float64Array;
}

/** Of the posterior of one example, its largest and second largest entries found before. */
type Summarise = (row: Float64Array, first: number, second: number) => number;

const SUMMARIES: readonly {
  readonly name: string;
  /** Of two classes, all measures of sureness are the same order. */
  readonly forClasses: (classes: number) => boolean;
  readonly of: Summarise;
}[] = [
  { name: 'the largest probability', forClasses: () => true, of: (_, first) => first },
  { name: 'the probability of class 1', forClasses: (classes) => classes === 2, of: (row) => row[1] },
  {
    name: 'the margin of the largest probability',
    forClasses: (classes) => classes > 2,
    of: (_, first, second) => first - second,
  },
  { name: 'the entropy', forClasses: (classes) => classes > 2, of: entropy },
];

/** @param posteriors [N * classes] */
export function summariesOf(posteriors: Float64Array, classes: number): Summary[] {
  return SUMMARIES.filter(({ forClasses }) => forClasses(classes)).map(({ name, of }) => ({
    name,
    values: Float64Array.from({ length: posteriors.length / classes }, (_, i) => {
      const row = posteriors.subarray(i * classes, (i + 1) * classes);
      return of(row, ...twoLargest(row));
    }),
  }));
}

function twoLargest(row: Float64Array): [first: number, second: number] {
  let [first, second] = [-Infinity, -Infinity];
  for (const value of row) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return [first, second];
}

/** In nats. */
function entropy(row: Float64Array): number {
  return row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}
