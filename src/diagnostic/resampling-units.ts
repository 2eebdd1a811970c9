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
 * What a bootstrap draws and a jackknife leaves out, examples or clusters, as cells: one for each class that a unit has,
 * those of one class side by side.
 */
export interface Units {
  readonly count: number;
  /** First cell of each class, and the end [G + 1]; G is 1 without classes. */
  readonly classStart: Uint32Array;
  /** Unit of each cell [cells]. */
  readonly unitOf: Uint32Array;
  /** Weight in each cell [cells]. */
  readonly weight: Float64Array;
  /** Weighted sum of each quantity in each cell [M][cells]. */
  readonly sums: readonly Float64Array[];
}

/** Sums up the rows that have weight. Units and classes are in order of first appearance. */
export function unitsOf({ quantities, weights, clusters, classes }: MeansPlan): Units {
  const unitIndex = new Map<number, number>();
  const rowsOf = new Map<number, Map<number, number[]>>();
  for (let i = 0; i < quantities[0].length; i++) {
    if (weights?.[i] === 0) continue;
    const unit = getOr(unitIndex, clusters?.[i] ?? i, () => unitIndex.size);
    const ofClass = getOr(rowsOf, classes?.[i] ?? 0, () => new Map<number, number[]>());
    getOr(ofClass, unit, () => []).push(i);
  }
  const ofClasses = [...rowsOf.values()];
  const cells = ofClasses.flatMap((ofClass) => [...ofClass]);
  const classStart = new Uint32Array(ofClasses.length + 1);
  ofClasses.forEach((ofClass, c) => {
    classStart[c + 1] = classStart[c] + ofClass.size;
  });
  const weightOf = (row: number) => (weights ? weights[row] : 1);
  const sumOver = (of: (row: number) => number) =>
    Float64Array.from(cells, ([, rows]) => rows.reduce((sum, row) => sum + of(row), 0));
  return {
    count: unitIndex.size,
    classStart,
    unitOf: Uint32Array.from(cells, ([unit]) => unit),
    weight: sumOver(weightOf),
    sums: quantities.map((values) => sumOver((row) => weightOf(row) * values[row])),
  };
}

function getOr<V>(map: Map<number, V>, key: number, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
