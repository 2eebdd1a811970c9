import type { Past } from '../report/past.ts';
import type { HistoryRecord } from './record-schema.ts';
import { trendsOf } from './trend.ts';

/**
 * What a report tells of earlier runs.
 *
 * @param sha the commit that is reported
 * @param base the commit to compare with, if known
 */
export function pastOf(records: readonly HistoryRecord[], sha: string, base: string | undefined): Past {
  const others = trendsOf(records.filter((record) => record.sha !== sha));
  const runs = new Map(others.map(({ gate, records: of }) => [gate, of]));
  return base === undefined ? { runs } : { runs, base };
}
