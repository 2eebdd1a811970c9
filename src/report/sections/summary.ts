import type { GateReport } from '../gate-report.ts';
import { code, plain } from '../escape.ts';
import { gatingResult, METRIC_WORDS } from '../metrics.ts';
import { gap, interval, metric, percent, pValue } from '../numbers.ts';
import { ICONS } from './headline.ts';
import { table } from './table.ts';

/** Longest name in the table, which has to fit the width of a comment. */
const LONGEST_CELL = 40;

/** The gating metric of these gates in words; undefined where they use different ones. */
function commonMetric(gates: readonly GateReport[]): string | undefined {
  const names = new Set(gates.map((gate) => gate.metric));
  return names.size === 1 ? METRIC_WORDS[gates[0].metric] : undefined;
}

/** The table that answers: a row a gate, everything in the unit of the metric. */
export function summaryTable(gates: readonly GateReport[]): string {
  const mixed = commonMetric(gates) === undefined;
  const rows = gates.map((gate) => [
    code(gate.name, LONGEST_CELL) + (mixed ? `<br><sub>${METRIC_WORDS[gate.metric]}</sub>` : ''),
    `${ICONS[gate.conclusion]}\u00a0${unbroken(gate.verdict)}`,
    ...numbers(gate),
    `${gate.threshold}`,
  ]);
  const head = ['Gate', 'Verdict', 'Clean-Q', 'Broken-Q', 'Gap', 'p', 'Threshold'];
  return table([head.map(unbroken), ...rows], 2);
}

/** With a hyphen at which no line ends: a narrow table would break these words first. */
function unbroken(word: string): string {
  return word.replaceAll('-', '\u2011');
}

/** A gate that could not judge has measured nothing that could be believed. */
function numbers(gate: GateReport): string[] {
  if (gate.verdict === 'invalid') return ['n/a', 'n/a', 'n/a', 'n/a'];
  const { clean, broken } = gatingResult(gate);
  const { value, lower, upper } = gate.gap;
  return [
    metric(clean, gate.threshold),
    metric(broken.mean, gate.threshold),
    `**${gap(value, gate.threshold)}**<br><sub>${interval(lower, upper, gate.threshold)}</sub>`,
    pValue(gate.p.oneSided, gate.alpha),
  ];
}

/** One line below the table: what its columns are. */
export function legend(gates: readonly GateReport[]): string {
  const confidences = new Set(gates.map((gate) => percent(gate.gap.confidence)));
  const band = confidences.size === 1 ? `its ${[...confidences].join('')} interval` : 'its interval';
  return (
    `<sub>Clean-Q and Broken-Q: ${commonMetric(gates) ?? 'the metric'} with the reliability scores as given and with ` +
    `the scores shuffled across examples. Gap: the difference, with ${band}; it has to reach the threshold.</sub>`
  );
}

/** One sentence of meaning and one of advice, and what else the user should know. */
export function meaning(gate: GateReport): string {
  const notes = gate.warnings.map((warning) => `- Note: ${plain(warning)}`);
  return [
    `**What was found.** ${plain(gate.reason)}`,
    `**What to do.** ${plain(gate.advice)}`,
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ].join('\n\n');
}
