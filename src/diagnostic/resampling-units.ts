/** Per-example quantities of which the mean is wanted, and how the examples hang together. */
export interface MeansPlan {
  /** Several quantities of the same N examples [N] each, e.g. one per metric: they share every resample. */
  readonly quantities: readonly Float64Array[];
  /** Weights of the examples [N], finite and not negative. Default: all 1. */
  readonly weights?: Float64Array;
  /** Cluster of each example [N] (subject, session): clusters are drawn whole. Default: each example on its own. */
  readonly clusters?: ArrayLike<number>;
  /** Class of each example [N]. Given: the mean over the classes drawn of the mean in each, as balanced accuracy takes it. */
  readonly classes?: ArrayLike<number>;
}

/**
 * What a bootstrap draws and a jackknife leaves out: examples or clusters, with their sums. A unit is one cell, or one cell
 * per class that it has.
 */
export interface Units {
  readonly count: number;
  /** Number of classes G; 1 without classes. */
  readonly classes: number;
  /** Number of quantities M. */
  readonly width: number;
  /** First cell of each unit, and the end [units + 1]. */
  readonly start: Uint32Array;
  /** Class of each cell [cells]. */
  readonly classOf: Uint32Array;
  /** Weight in each cell [cells]. */
  readonly weight: Float64Array;
  /** Weighted sum of each quantity in each cell [cells * M]. */
  readonly sums: Float64Array;
}

/** Sums up the rows that have weight, by cluster and class, both in order of first appearance. */
export function unitsOf({ quantities, weights, clusters, classes }: MeansPlan): Units {
  const width = quantities.length;
  const classIndex = new Map<number, number>();
  const rowsOf = new Map<number, Map<number, number[]>>();
  for (let i = 0; i < quantities[0].length; i++) {
    if (weights?.[i] === 0) continue;
    const cells = getOr(rowsOf, clusters?.[i] ?? i, () => new Map<number, number[]>());
    const index = getOr(classIndex, classes?.[i] ?? 0, () => classIndex.size);
    getOr(cells, index, () => []).push(i);
  }
  const cells = [...rowsOf.values()].flatMap((unit) => [...unit]);
  const start = new Uint32Array(rowsOf.size + 1);
  [...rowsOf.values()].forEach((unit, u) => (start[u + 1] = start[u] + unit.size));
  const weight = new Float64Array(cells.length);
  const sums = new Float64Array(cells.length * width);
  cells.forEach(([, rows], cell) => {
    for (const row of rows) {
      const own = weights ? weights[row] : 1;
      weight[cell] += own;
      for (let q = 0; q < width; q++) sums[cell * width + q] += own * quantities[q][row];
    }
  });
  const classOf = Uint32Array.from(cells, ([index]) => index);
  return { count: rowsOf.size, classes: classIndex.size, width, start, classOf, weight, sums };
}

function getOr<V>(map: Map<number, V>, key: number, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
