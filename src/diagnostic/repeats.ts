/** A number from 0 for each name, in order of first appearance [N]. */
export function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

/**
 * Folds that share no example, put together: of a repeated cross-validation those of each repeat.
 *
 * @param of fold of each row [N]
 * @param example that each row is about [N], from 0
 * @returns numbers of the folds of each repeat; each fold is in the first that has none of its examples
 */
export function repeatsOf(of: Int32Array, folds: number, example: Int32Array): number[][] {
  const examples = Array.from({ length: folds }, () => new Set<number>());
  of.forEach((fold, i) => examples[fold].add(example[i]));
  const repeats: { readonly folds: number[]; readonly seen: Set<number> }[] = [];
  examples.forEach((own, fold) => {
    let repeat = repeats.find(({ seen }) => [...own].every((one) => !seen.has(one)));
    if (repeat === undefined) repeats.push((repeat = { folds: [], seen: new Set() }));
    repeat.folds.push(fold);
    for (const one of own) repeat.seen.add(one);
  });
  return repeats.map((repeat) => repeat.folds);
}
