import { PARTS, type PartResult } from './parts.ts';

/** How many are drawn where nobody says. */
export const DATA_SETS = 1000;

/** `study/results.json`: what was counted. With the same number of data sets it is always the same. */
export interface Results {
  /** Data sets of 200 examples of each kind. */
  readonly sets: number;
  /** By name. */
  readonly parts: Record<string, PartResult>;
}

/** Parts in the order of the table, whichever was done first. */
export function inOrder(parts: Results['parts']): Results['parts'] {
  const done = Object.keys(PARTS).filter((name) => name in parts);
  return Object.fromEntries(done.map((name) => [name, parts[name]]));
}
