import type { Advantages } from './advantages.ts';
import type { Cells } from './cells.ts';

/**
 * On how many examples, or clusters of them, a gap hangs: (sum of |share|)^2 / (sum of share^2), as Kish (1965) has the effective size
 * of a weighted sample. Where n examples have as large a share in the gap, whichever way, and all others none, it is n; where a rarer class
 * has larger shares, it is little more than what that has.
 *
 * @param clusters of the examples [N]. Default: each is its own
 * @returns 0 where no example has a share; null of a metric that is no mean of examples
 */
export function examplesThatCount(
  { values, meanOver, weights }: Advantages,
  cells: Cells,
  clusters?: Int32Array,
): number | null {
  if (meanOver === 'groups') return null;
  const of = meanOver === 'cells' ? cells.of : cells.folds.of;
  const sizes = new Map<number, number>();
  of.forEach((part, i) => sizes.set(part, (sizes.get(part) ?? 0) + (weights?.[i] ?? 1)));
  const shares = new Map<number, number>();
  of.forEach((part, i) => {
    const weight = weights?.[i] ?? 1;
    if (weight === 0) return;
    const unit = clusters?.[i] ?? i;
    shares.set(unit, (shares.get(unit) ?? 0) + (weight * values[i]) / sizes.get(part)!);
  });
  let [sum, squares] = [0, 0];
  for (const share of shares.values()) {
    sum += Math.abs(share);
    squares += share * share;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
