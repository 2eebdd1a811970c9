import type { HistoryRecord } from './record-schema.ts';

/** What a history says of one gate. */
export interface GateTrend {
  readonly gate: string;
  /** Oldest first; at least one. */
  readonly records: readonly HistoryRecord[];
}

/** Since when a gate has had its newest verdict. */
export interface Streak {
  /** The first record of the unbroken row. */
  readonly since: HistoryRecord;
  readonly commits: number;
}

/** Each gate of a history, in the order in which they are first met. */
export function trendsOf(records: readonly HistoryRecord[]): GateTrend[] {
  const gates = new Map<string, HistoryRecord[]>();
  for (const record of records) {
    const known = gates.get(record.gate);
    if (known === undefined) gates.set(record.gate, [record]);
    else known.push(record);
  }
  return Array.from(gates, ([gate, of]) => ({ gate, records: of }));
}

/** @param records at least one, oldest first */
export function streakOf(records: readonly HistoryRecord[]): Streak {
  const { verdict } = records.at(-1)!;
  const before = records.findLastIndex((record) => record.verdict !== verdict);
  return { since: records[before + 1], commits: records.length - before - 1 };
}
