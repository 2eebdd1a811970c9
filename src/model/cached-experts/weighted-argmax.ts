type Columns = readonly Float64Array[];

/**
 * Classes [N] of sum_m weights_m * columns_m, without storing the sums: the same additions in the same order as the plain
 * formula, so that the classes are the same to the last tie. Two and three modalities are unrolled: they are what people
 * have, and this loop is most of a gate's time.
 *
 * @param weights M times [N]
 * @param columns M times [N * width]
 */
export function weightedArgmax(weights: Columns, columns: Columns, width: number): Int32Array {
  const classes = new Int32Array(weights[0].length);
  (UNROLLED[weights.length] ?? anyNumber)(weights, columns, width, classes);
  return classes;
}

type Loop = (weights: Columns, columns: Columns, width: number, classes: Int32Array) => void;

const UNROLLED: Record<number, Loop | undefined> = {
  2: ([w0, w1], [c0, c1], width, classes) => {
    for (let i = 0; i < classes.length; i++) {
      const a = w0[i];
      const b = w1[i];
      let at = i * width;
      let most = a * c0[at] + b * c1[at];
      let best = 0;
      for (let c = 1; c < width; c++) {
        at++;
        const value = a * c0[at] + b * c1[at];
        best = value > most ? c : best;
        most = value > most ? value : most;
      }
      classes[i] = best;
    }
  },
  3: ([w0, w1, w2], [c0, c1, c2], width, classes) => {
    for (let i = 0; i < classes.length; i++) {
      const a = w0[i];
      const b = w1[i];
      const d = w2[i];
      let at = i * width;
      let most = a * c0[at] + b * c1[at] + d * c2[at];
      let best = 0;
      for (let c = 1; c < width; c++) {
        at++;
        const value = a * c0[at] + b * c1[at] + d * c2[at];
        best = value > most ? c : best;
        most = value > most ? value : most;
      }
      classes[i] = best;
    }
  },
};

const anyNumber: Loop = (weights, columns, width, classes) => {
  for (let i = 0; i < classes.length; i++) {
    let best = 0;
    let most = -Infinity;
    for (let c = 0; c < width; c++) {
      let value = 0;
      for (let m = 0; m < weights.length; m++) value += weights[m][i] * columns[m][i * width + c];
      best = value > most ? c : best;
      most = value > most ? value : most;
    }
    classes[i] = best;
  }
};
