/** What is risked when only the examples that a score trusts most are predicted, and the rest is left alone. */
export interface RiskCoverage {
  /** Share of the examples predicted, 1/N ... 1 [N]. */
  readonly coverage: Float64Array;
  /** Share of those that are wrong [N]. */
  readonly risk: Float64Array;
  /** Mean of `risk`: the area under the curve. Lower is better. */
  readonly aurc: number;
  /** The area that a score with every right example above every wrong one would have; what is above it is the score's own. */
  readonly optimalAurc: number;
}

/**
 * Risk-coverage curve of a score that decides which examples to predict (Geifman and El-Yaniv 2017; AURC and the excess over
 * the optimum, E-AURC = `aurc - optimalAurc`: Geifman, Uziel and El-Yaniv 2019, with the optimum of N examples itself in
 * place of its limit).
 *
 * Examples with the same score come in no order: the curve is the mean over all of theirs, so that the order of rows never
 * matters.
 *
 * @param score [N], high where the prediction is to be trusted
 * @param right [N], 1 where the prediction is right, else 0; N >= 1
 */
export function riskCoverage(score: Float64Array, right: Float64Array): RiskCoverage {
  const rows = score.length;
  const order = Uint32Array.from(score, (_, i) => i).sort((a, b) => score[b] - score[a]);
  const coverage = Float64Array.from(order, (_, i) => (i + 1) / rows);
  const risk = new Float64Array(rows);
  let wrong = 0;
  for (let start = 0; start < rows;) {
    let end = start;
    let wrongInTie = 0;
    while (end < rows && score[order[end]] === score[order[start]]) wrongInTie += 1 - right[order[end++]];
    for (let i = start; i < end; i++) {
      risk[i] = (wrong + (wrongInTie * (i + 1 - start)) / (end - start)) / (i + 1);
    }
    wrong += wrongInTie;
    start = end;
  }
  return { coverage, risk, aurc: mean(risk), optimalAurc: optimalArea(rows, wrong) };
}

/** All right examples first: no risk until they are used up. */
function optimalArea(rows: number, wrong: number): number {
  return mean(Float64Array.from({ length: rows }, (_, i) => Math.max(0, i + 1 - (rows - wrong)) / (i + 1)));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
