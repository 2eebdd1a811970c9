/** How a reliability diagram is drawn. */
export interface DiagramOptions {
  /** Number of bins of equal width. */
  readonly bins: number;
  /** Ends of the first and the last bin. Default: 0 and 1, what a probability can be; low < high. */
  readonly range?: readonly [low: number, high: number];
  /** Weights of the examples [N]. Default: all 1. */
  readonly weights?: Float64Array;
}

/** What fell into one bin. */
export interface DiagramBin {
  /** The bin holds the scores above `lower`, up to and with `upper`; the first one its lower end too. */
  readonly lower: number;
  readonly upper: number;
  /** Sum of weights. */
  readonly weight: number;
  /** Means over the bin; null where it is empty. */
  readonly meanScore: number | null;
  readonly shareRight: number | null;
}

/**
 * How often what a score trusts is right, by the height of the score: the data of a reliability diagram (DeGroot and
 * Fienberg 1983; bins as in Guo et al. 2017). A calibrated score has `shareRight` = `meanScore` in every bin.
 *
 * @param score [N], each in `range`
 * @param right [N], 1 where the expert (or the prediction) is right, else 0
 */
export function reliabilityDiagram(
  score: Float64Array,
  right: Float64Array,
  { bins, range: [low, high] = [0, 1], weights }: DiagramOptions,
): DiagramBin[] {
  const edges = Float64Array.from({ length: bins + 1 }, (_, b) => low + ((high - low) * b) / bins);
  const sums = {
    weight: new Float64Array(bins),
    score: new Float64Array(bins),
    right: new Float64Array(bins),
  };
  for (let i = 0; i < score.length; i++) {
    const bin = binOf(score[i], edges);
    const weight = weights ? weights[i] : 1;
    sums.weight[bin] += weight;
    sums.score[bin] += weight * score[i];
    sums.right[bin] += weight * right[i];
  }
  return Array.from(sums.weight, (weight, b) => ({
    lower: edges[b],
    upper: edges[b + 1],
    weight,
    meanScore: weight === 0 ? null : sums.score[b] / weight,
    shareRight: weight === 0 ? null : sums.right[b] / weight,
  }));
}

/** The guess by division can be one off where a score lies on an edge; the edges decide. */
function binOf(score: number, edges: Float64Array): number {
  const last = edges.length - 2;
  const share = (score - edges[0]) / (edges[last + 1] - edges[0]);
  let bin = Math.max(0, Math.min(last, Math.ceil(share * (last + 1)) - 1));
  while (bin > 0 && score <= edges[bin]) bin--;
  while (bin < last && score > edges[bin + 1]) bin++;
  return bin;
}

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017): mean distance between `shareRight` and `meanScore`,
 * weighted by the bins. It speaks of probabilities: of a diagram over another range than [0, 1] it means nothing.
 *
 * @returns null where no example has weight
 */
export function calibrationError(diagram: readonly DiagramBin[]): number | null {
  let sum = 0;
  let total = 0;
  for (const { weight, meanScore, shareRight } of diagram) {
    if (meanScore === null || shareRight === null) continue;
    sum += weight * Math.abs(shareRight - meanScore);
    total += weight;
  }
  return total === 0 ? null : sum / total;
}
