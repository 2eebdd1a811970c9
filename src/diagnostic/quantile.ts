/**
 * Quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7: NumPy's default).
 *
 * @param sorted ascending, at least one value
 * @param q in [0, 1]
 */
export function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

export function median(values: Float64Array): number {
  return quantile(values.toSorted(), 0.5);
}
