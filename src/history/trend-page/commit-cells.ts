import { VERDICTS } from '../../diagnostic/diagnosis.ts';
import { gap, interval, metric, pValue } from '../../report/numbers.ts';
import type { GateData } from './page-data.ts';

/** The table of a gate, here as in the browser: the heads of its columns. */
export const HEADS = [
  'Commit',
  'Date',
  'Verdict',
  'Gap',
  'Interval',
  'Threshold',
  'p',
  'Clean‑Q',
  'Broken‑Q',
] as const;

/** What the columns after the commit say of commit `i`, as plain text. */
export function commitCells(gate: GateData, i: number): string[] {
  const threshold = gate.threshold[i];
  return [
    dateOf(gate, i),
    verdictOf(gate, i),
    gap(gate.gap[i], threshold),
    interval(gate.lower[i], gate.upper[i], threshold),
    String(threshold),
    pValue(gate.p[i]),
    metric(gate.clean[i]),
    metric(gate.broken[i]),
  ];
}

export function verdictOf(gate: GateData, i: number): string {
  return VERDICTS[gate.verdict[i]];
}

/** `2026-11-24`, in UTC. */
export function dateOf(gate: GateData, i: number): string {
  return new Date(gate.time[i] * 1000).toISOString().slice(0, 10);
}

/** What is new at commit `i` besides the numbers. */
export function changesAt(gate: GateData, i: number): ('model' | 'evaluation set')[] {
  if (i === 0) return [];
  return [
    ...(gate.model[i] === gate.model[i - 1] ? [] : (['model'] as const)),
    ...(gate.evaluationSet[i] === gate.evaluationSet[i - 1] ? [] : (['evaluation set'] as const)),
  ];
}

/** Where commit `i` and its pull request can be looked at. */
export function linksOf(
  gate: GateData,
  i: number,
  repository: string | null,
): { readonly commit?: string; readonly pullRequest?: string } {
  if (repository === null) return {};
  const number = gate.pullRequest[i];
  return {
    commit: `${repository}/commit/${gate.sha[i]}`,
    ...(number !== null && { pullRequest: `${repository}/pull/${number}` }),
  };
}
