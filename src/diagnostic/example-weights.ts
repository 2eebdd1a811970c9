/** Bits of an exact sum of whole weights: a float holds whole numbers below 2^53. */
const SUM_BITS = 52;

/**
 * Weights as whole numbers, in the same proportions: sums of them are exact, so that metrics that are counts stay exact fractions,
 * and two sets of predictions that are equally good tie whatever the order of their examples.
 *
 * Each is rounded to a power of two that makes the sum of all nearly 2^52, which moves a share of that sum by less than
 * N / 2^53; one above 0 stays above 0. Weights that are whole numbers with a sum below 2^52 stay in their proportions exactly.
 *
 * @param weights [N], finite, 0 or more, at least one above 0
 * @returns [N], their sum below 2^53 and with no common divisor
 */
export function wholeWeights(weights: Float64Array): Float64Array {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  // In units of the largest: sums of floats as large as there are would be infinite.
  const unit = 2 ** Math.floor(Math.log2(largest));
  const total = weights.reduce((sum, weight) => sum + weight / unit, 0);
  const scale = 2 ** (SUM_BITS - Math.ceil(Math.log2(total)));
  const whole = weights.map((weight) => (weight > 0 ? Math.max(1, Math.round((weight / unit) * scale)) : 0));
  const divisor = whole.reduce(greatestCommonDivisor, 0);
  return whole.map((weight) => weight / divisor);
}

/** Whether each example counts as much as any other. */
export function areAllSame(weights: Float64Array): boolean {
  return weights.every((weight) => weight === weights[0]);
}

/**
 * (sum w)^2 / sum w^2: as many examples of one weight have a mean with the same variance, where examples of all weights vary
 * alike (Kish 1965, "Survey Sampling", section 11.7). 0 where none has weight.
 */
export function effectiveSize(weights: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return sum === 0 ? 0 : sum ** 2 / squares;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
