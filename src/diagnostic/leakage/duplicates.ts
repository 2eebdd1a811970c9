import type { CheckedSet } from './checked-scores.ts';
import type { LeakageFinding } from './finding.ts';

/**
 * Examples that stand in more than one block (subject, session, fold). Blocks are taken to be independent of each other: where
 * scores are shuffled inside them, or whole blocks are resampled, an example in two of them is counted as two.
 *
 * Exact: there is no chance in it, and so no level.
 */
export function duplicatesAcrossBlocks({ blocked, labels }: CheckedSet): LeakageFinding[] {
  if (blocked === undefined) return [];
  const { keys, blocks } = blocked;
  const blocksOf = new Map<string, Set<string>>();
  keys.forEach((key, i) => {
    const seen = blocksOf.get(key) ?? new Set();
    blocksOf.set(key, seen.add(blocks[i]));
  });
  const shared = keys.filter((key) => blocksOf.get(key)!.size > 1).length;
  if (shared === 0) return [];
  const examples = [...blocksOf.values()].filter(({ size }) => size > 1).length;
  return [
    {
      check: 'duplicates',
      modality: null,
      severity: 'warning',
      numbers: { examples, rows: shared },
      sentence: `${examples} ${examples === 1 ? 'example stands' : 'examples stand'} in more than one block, on ${shared} of ${labels.length} evaluated rows, and blocks are taken to be independent. Keep each example in one block.`,
    },
  ];
}
