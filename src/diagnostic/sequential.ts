/** When a test stops drawing. */
export interface StoppingRule {
  /** So many draws at least as good as Clean-Q settle that the scores do not help, h. */
  readonly exceedances: number;
  /** Draws at most, K. */
  readonly most: number;
}

/**
 * One-sided Monte-Carlo p-value of draws that stop early (Besag and Clifford 1991): h / l where the h-th exceedance is that of
 * draw l, and (1 + exceedances) / (K + 1) where K draws had fewer. It is as valid as that of K draws: P(p <= a) <= a for
 * exchangeable draws. Draws after the l-th change nothing, so that they may be made in batches.
 *
 * Where drawing stopped before either, for another reason than these exceedances, it is h / (draws + 1): what the p of all K
 * draws cannot lie above.
 *
 * @param exceeds of each draw, in order: at least as good as Clean-Q, so that ties count against the claim
 */
export function sequentialP(exceeds: readonly boolean[], { exceedances, most }: StoppingRule): number {
  const settledAt = stoppingPoint(exceeds, exceedances);
  if (settledAt !== undefined) return exceedances / settledAt;
  if (exceeds.length < most) return exceedances / (exceeds.length + 1);
  return (1 + exceeds.filter(Boolean).length) / (most + 1);
}

/** The draw with the last exceedance that is needed, counted from 1; undefined where there were fewer. */
export function stoppingPoint(exceeds: readonly boolean[], exceedances: number): number | undefined {
  let seen = 0;
  const at = exceeds.findIndex((exceeded) => exceeded && ++seen === exceedances);
  return at === -1 ? undefined : at + 1;
}
