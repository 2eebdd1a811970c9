import type { GateReport } from '../gate-report.ts';
import { gap, interval, quantity } from '../numbers.ts';
import type { Past, PastRun } from '../past.ts';
import { table } from './table.ts';

/** Newest commits that are shown, this run included. */
const MOST = 20;
/** A chart whose axis has no extent is not drawn. */
const FLATTEST = 0.001;
const SHA_LENGTH = 7;

/** How this run stands among earlier ones: the change since the base, since when the verdict is what it is, the last commits. */
export function overTime(gate: GateReport, past: Past | undefined, withChart: boolean): string {
  const runs = (past?.runs.get(gate.name) ?? []).filter(({ metric }) => metric === gate.metric);
  if (runs.length === 0 || gate.verdict === 'invalid') return '';
  const shown = runs.slice(1 - MOST);
  return [
    `**Over time.** ${change(gate, runs, past?.base)} ${sinceWhen(gate, runs)}`,
    `<details>\n<summary>The last ${quantity(shown.length + 1)} runs</summary>`,
    ...(withChart ? [chart(gate, shown)] : []),
    rows(gate, shown),
    '</details>',
  ].join('\n\n');
}

function change(gate: GateReport, runs: readonly PastRun[], base: string | undefined): string {
  const before = runs.findLast(({ sha }) => sha === base) ?? runs.at(-1)!;
  const where = before.sha === base ? 'the base' : 'the newest commit on record';
  const moved = gate.gap.value - before.gap.value;
  return `The gap is ${gap(gate.gap.value, gate.threshold)}, ${gap(moved)} against ${where}, ${commit(before)}.`;
}

function sinceWhen({ verdict }: GateReport, runs: readonly PastRun[]): string {
  const before = runs.findLastIndex((run) => run.verdict !== verdict);
  const since = runs.at(before + 1);
  if (before === runs.length - 1)
    return `${code(runs[before].verdict)} before, ${code(verdict)} from here on.`;
  const unbroken = runs.length - before;
  const first = before === -1 ? ', the first on record' : '';
  return `It is ${code(verdict)} since ${commit(since!)}${first}: ${quantity(unbroken)} runs in a row.`;
}

function rows(gate: GateReport, runs: readonly PastRun[]): string {
  const row = (
    name: string,
    { verdict, gap: found, threshold }: Omit<PastRun, 'sha' | 'time' | 'metric'>,
  ): string[] => [
    name,
    verdict,
    gap(found.value, threshold),
    interval(found.lower, found.upper, threshold),
    String(threshold),
  ];
  return table(
    [
      ['Run', 'Verdict', 'Gap', 'Interval', 'Threshold'],
      row('this run', gate),
      ...runs.map((run) => row(commit(run), run)).reverse(),
    ],
    2,
  );
}

/** Mermaid. Nothing in it comes from a file but hexadecimal digits. */
function chart(gate: GateReport, runs: readonly PastRun[]): string {
  const all = [...runs, gate];
  const gaps = all.map((run) => run.gap.value);
  const thresholds = all.map((run) => run.threshold);
  const low = Math.min(0, ...gaps, ...thresholds);
  const high = Math.max(FLATTEST, ...gaps, ...thresholds);
  const labels = [...runs.map(({ sha }) => `"${sha.slice(0, SHA_LENGTH)}"`), '"now"'];
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(5)).join(', ');
  return [
    '```mermaid',
    '---',
    'config:',
    '  xyChart: { width: 900, height: 300 }',
    '  themeVariables: { xyChart: { plotColorPalette: "#2f81f7, #d1434b" } }',
    '---',
    'xychart-beta',
    `  x-axis [${labels.join(', ')}]`,
    `  y-axis "Gap" ${low.toFixed(5)} --> ${high.toFixed(5)}`,
    `  line [${list(gaps)}]`,
    `  line [${list(thresholds)}]`,
    '```',
    '',
    '<sub>Blue: the gap. Red: the threshold.</sub>',
  ].join('\n');
}

function commit({ sha, time }: PastRun): string {
  // As code GitHub makes no link of it, which could lead into another repository.
  return `<code>${sha.slice(0, SHA_LENGTH)}</code> (${time.slice(0, 10)})`;
}

function code(verdict: string): string {
  return `<code>${verdict}</code>`;
}
