import { bin, extent, min, pairs, thresholdFreedmanDiaconis } from 'd3-array';

export interface Bar {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

const FEWEST = 8;
const MOST = 40;
/** Values that lie on a grid finer than this many steps are as good as continuous. */
const FINEST_GRID = 2000;
/** Two floats that ought to be one differ by less than this. */
const ROUNDING = 1e-9;

/**
 * A histogram whose bars are equally wide (Freedman and Diaconis 1981, between 8 and 40 of them).
 *
 * A metric that is a count over N takes values on a grid of 1/N. Bars are whole steps of that grid wide, and their edges
 * stand between its values: else some would hold one more of them than their neighbours, and the histogram a comb that is
 * not in the data.
 *
 * @param values finite; at least one
 */
export function histogram(values: readonly number[]): Bar[] {
  const [low = 0, high = 0] = extent(values);
  if (high - low < ROUNDING) return [{ lower: low, upper: high, count: values.length }];
  const wanted = Math.min(MOST, Math.max(FEWEST, thresholdFreedmanDiaconis(values, low, high)));
  const step = gridStep(values);
  const isGrid = (high - low) / step <= FINEST_GRID;
  const width = isGrid ? step * Math.ceil((high - low) / step / wanted) : (high - low) / wanted;
  const start = isGrid ? low - step / 2 : low;
  const bars = Math.floor((high - start) / width) + 1;
  const edges = Array.from({ length: bars + 1 }, (_, i) => start + i * width);
  const counted = bin().domain([start, edges[bars]]).thresholds(edges.slice(1, -1))(values);
  return counted.map((inside, i) => ({ lower: edges[i], upper: edges[i + 1], count: inside.length }));
}

/** The smallest distance between two values that are not the same. */
function gridStep(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const distances = pairs(sorted, (one, next) => next - one);
  return min(distances.filter((distance) => distance > ROUNDING)) ?? 0;
}
