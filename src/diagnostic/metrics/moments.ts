/** Weighted sums over two columns, of the rows with weight. */
export interface Moments {
  /** Rows with weight. */
  readonly rows: number;
  /** Sum of weights. */
  readonly total: number;
  /** Sums of squares and products of the distances from the means. */
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
  /** Mean of x - y, and sum of its squares. */
  readonly bias: number;
  readonly apart: number;
  readonly isConstantX: boolean;
  readonly isConstantY: boolean;
}

/**
 * In two passes: sums of squares of values as they are would lose half of the digits.
 *
 * @param unitX in what unit x is counted, a power of two, so that squares of 1e200 or 1e-200 stay in the range of a float
 *   and no digit changes
 */
export function moments(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array | undefined,
  [unitX, unitY]: readonly [unitX: number, unitY: number],
): Moments {
  let [rows, total, sumX, sumY] = [0, 0, 0, 0];
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    const weight = weights ? weights[i] : 1;
    if (weight === 0) continue;
    rows++;
    total += weight;
    sumX += weight * (x[i] / unitX);
    sumY += weight * (y[i] / unitY);
    if (x[i] < minX) minX = x[i];
    if (x[i] > maxX) maxX = x[i];
    if (y[i] < minY) minY = y[i];
    if (y[i] > maxY) maxY = y[i];
  }
  const [meanX, meanY] = [sumX / total, sumY / total];
  let [xx, yy, xy, bias, apart] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const weight = weights ? weights[i] : 1;
    const [fromX, fromY] = [x[i] / unitX - meanX, y[i] / unitY - meanY];
    const difference = x[i] / unitX - y[i] / unitY;
    xx += weight * fromX * fromX;
    yy += weight * fromY * fromY;
    xy += weight * fromX * fromY;
    bias += (weight / total) * difference;
    apart += weight * difference * difference;
  }
  const [isConstantX, isConstantY] = [minX >= maxX, minY >= maxY];
  return { rows, total, xx, yy, xy, bias, apart, isConstantX, isConstantY };
}

/** The power of two below the largest absolute value of both columns. */
export function commonUnit(x: Float64Array, y: Float64Array): number {
  return Math.max(unitOf(x), unitOf(y));
}

/** The power of two below the largest absolute value; 1 of nothing but zeros. */
export function unitOf(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > largest) largest = Math.abs(values[i]);
  return largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
}
