import type { RowPresence } from './evaluated-rows.ts';

/** On how many of the evaluated rows modalities are present. */
export interface PresenceCounts {
  /** By modality. */
  readonly modalities: Readonly<Record<string, number>>;
  /** By which of them are present together, the most frequent first. */
  readonly patterns: readonly { readonly present: readonly string[]; readonly rows: number }[];
}

/** @param rows how many there are, N */
export function countPresence(names: readonly string[], presence: RowPresence, rows: number): PresenceCounts {
  const isPresent = (m: number, row: number): boolean => presence[m]?.[row] !== 0;
  const modalities = names.map(() => 0);
  const found = new Map<string, { present: string[]; rows: number }>();
  for (let row = 0; row < rows; row++) {
    const present = [...names.keys()].filter((m) => isPresent(m, row));
    for (const m of present) modalities[m]++;
    const key = present.join();
    const pattern = found.get(key) ?? { present: present.map((m) => names[m]), rows: 0 };
    pattern.rows++;
    found.set(key, pattern);
  }
  return {
    modalities: Object.fromEntries(names.map((name, m) => [name, modalities[m]])),
    patterns: [...found.values()].sort((a, b) => b.rows - a.rows),
  };
}
