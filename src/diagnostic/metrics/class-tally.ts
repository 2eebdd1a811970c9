/** For each class (or label), the summed weight of the examples that ... [C]. */
export interface ClassTally {
  /** ... have it and are predicted to. */
  readonly hits: Float64Array;
  /** ... have it. */
  readonly support: Float64Array;
  /** ... are predicted to have it. */
  readonly predicted: Float64Array;
}

export function emptyTally(classes: number): ClassTally {
  return {
    hits: new Float64Array(classes),
    support: new Float64Array(classes),
    predicted: new Float64Array(classes),
  };
}

/** Counts one class per example. `tally` is started anew. */
export function tallyClasses(
  labels: Int32Array,
  predicted: Int32Array,
  weights: Float64Array | undefined,
  tally: ClassTally,
): void {
  clear(tally);
  for (let i = 0; i < labels.length; i++) {
    const weight = weights ? weights[i] : 1;
    tally.support[labels[i]] += weight;
    tally.predicted[predicted[i]] += weight;
    if (labels[i] === predicted[i]) tally.hits[labels[i]] += weight;
  }
}

/** Counts any number of labels per example: `truth` and `predicted` are [N * width]. `tally` is started anew. */
export function tallySets(
  truth: Uint8Array,
  predicted: Uint8Array,
  weights: Float64Array | undefined,
  tally: ClassTally,
): void {
  clear(tally);
  const width = tally.support.length;
  for (let start = 0; start < truth.length; start += width) {
    const weight = weights ? weights[start / width] : 1;
    for (let label = 0; label < width; label++) {
      if (truth[start + label] === 1) tally.support[label] += weight;
      if (predicted[start + label] === 1) tally.predicted[label] += weight;
      if ((truth[start + label] & predicted[start + label]) === 1) tally.hits[label] += weight;
    }
  }
}

function clear({ hits, support, predicted }: ClassTally): void {
  hits.fill(0);
  support.fill(0);
  predicted.fill(0);
}
