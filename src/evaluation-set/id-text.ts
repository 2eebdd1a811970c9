import type { Column } from './evaluation-set.ts';

/** Ids as text, however a file stores them. */
export function idText({ kind, values }: Column): readonly string[] {
  return kind === 'text' ? values : Array.from(values, String);
}
