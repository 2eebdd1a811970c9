import type { Conclusion } from '../diagnostic/diagnosis.ts';
import { terminal } from '../report/escape.ts';
import { gap, interval } from '../report/numbers.ts';
import { regressionOf } from './change-point.ts';
import { metricWords } from './metric-words.ts';
import type { HistoryRecord } from './record-schema.ts';
import { streakOf, type GateTrend } from './trend.ts';

/** Newest commits that are drawn: they fit on a line of a terminal. */
const MOST_BARS = 72;
const BARS = '▁▂▃▄▅▆▇█';

/** How a commit ended, under its bar, for those who see no colours. */
const MARKS: Readonly<Record<Conclusion, { readonly mark: string; readonly colour: number }>> = {
  success: { mark: '+', colour: 32 },
  failure: { mark: 'x', colour: 31 },
  inconclusive: { mark: '?', colour: 33 },
  error: { mark: '!', colour: 31 },
};

/** The trend of every gate, for a terminal. */
export function renderTrend(trends: readonly GateTrend[], { colour }: { readonly colour: boolean }): string {
  return trends.map((trend) => `${gateLines(trend, colour).join('\n')}\n`).join('\n');
}

function gateLines({ gate, records }: GateTrend, colour: boolean): string[] {
  const shown = records.slice(-MOST_BARS);
  const paint = (text: string, { conclusion }: HistoryRecord): string =>
    colour ? `\u001b[${MARKS[conclusion].colour}m${text}\u001b[0m` : text;
  const bars = barsOf(shown);
  const newest = records.at(-1)!;
  const { value, lower, upper } = newest.gap;
  return [
    `${terminal(gate)}: ${terminal(metricWords(newest.metric))} gap, ${spanOf(records, shown.length)}`,
    `  ${shown.map((record, i) => paint(bars[i], record)).join('')}`,
    `  ${shown.map((record) => paint(MARKS[record.conclusion].mark, record)).join('')}`,
    `  now ${gap(value, newest.threshold)} ${interval(lower, upper, newest.threshold)}, threshold ${newest.threshold}`,
    `  ${sinceWhen(records)}`,
    ...dropLine(records),
  ];
}

/** `decorative since 0123456 (2026-11-24), for 3 commits`. */
export function sinceWhen(records: readonly HistoryRecord[]): string {
  const { since, commits } = streakOf(records);
  const row = commits === 1 ? '1 commit' : `${commits} commits`;
  return `${since.verdict} since ${since.sha.slice(0, 7)} (${since.time.slice(0, 10)}), for ${row}`;
}

/** Told where the gap has dropped by more than chance, and has not come back. */
function dropLine(records: readonly HistoryRecord[]): string[] {
  const drop = regressionOf(records);
  if (drop === undefined) return [];
  const { since, before, after } = drop;
  return [
    `  dropped at ${since.sha.slice(0, 7)} (${since.time.slice(0, 10)}), from ${gap(before)} to ${gap(after)}`,
  ];
}

/** A bar for each record, from the least to the greatest gap that is shown; the thresholds are within that range. */
function barsOf(records: readonly HistoryRecord[]): string[] {
  const bounds = records.flatMap((record) => [record.gap.value, record.threshold]);
  const least = Math.min(...bounds);
  const range = Math.max(...bounds) - least || 1;
  return records.map((record) => BARS[Math.round(((record.gap.value - least) / range) * (BARS.length - 1))]);
}

function spanOf(records: readonly HistoryRecord[], shown: number): string {
  const [first, last] = [records[0], records.at(-1)!].map(({ time }) => time.slice(0, 10));
  const count = records.length === 1 ? '1 commit' : `${records.length} commits`;
  const part = shown < records.length ? ` (the newest ${shown} are shown)` : '';
  return `${count}, ${first} to ${last}${part}`;
}
