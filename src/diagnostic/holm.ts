/**
 * p-values adjusted for being several (Holm 1979): rejecting those at most alpha, all of them, is wrong about any true
 * hypothesis with probability at most alpha, however they depend on each other.
 *
 * The i-th smallest of m becomes the largest so far of (m - i + 1) p, at most 1.
 *
 * @returns in the order of `p`
 */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((a, b) => p[a] - p[b]);
  const adjusted = Array.from(p);
  let largest = 0;
  order.forEach((at, i) => {
    largest = Math.max(largest, (p.length - i) * p[at]);
    adjusted[at] = Math.min(1, largest);
  });
  return adjusted;
}
