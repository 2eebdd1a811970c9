import type { GateReport } from '../../gate-report.ts';
import { gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, interval, metric, pValue } from '../../numbers.ts';
import { code, type Markup, markup } from '../markup.ts';
import { type Cell, number, table } from '../table.ts';
import { verdictPill } from './verdict-pill.ts';

/** Of several gates, all at once: a row each, in the order of the config. */
export function overview(gates: readonly GateReport[]): Markup | null {
  if (gates.length < 2) return null;
  const rows = gates.map((gate, i): Cell[] => [
    markup`<a href="#gate-${i + 1}">${code(gate.name)}</a>`,
    verdictPill(gate),
    METRIC_WORDS[gate.metric],
    ...numbers(gate),
    number(gate.threshold, String),
  ]);
  const head = ['Gate', 'Verdict', 'Metric', 'Clean-Q', 'Broken-Q', 'Gap', 'p', 'Threshold'];
  return markup`<section class="overview"><h2>All gates</h2>${table({ label: 'All gates', head, rows, textColumns: 3 })}</section>`;
}

/** A gate that could not judge has measured nothing that could be believed. */
function numbers(gate: GateReport): Cell[] {
  if (gate.verdict === 'invalid') return [null, null, null, null].map((none) => number(none, metric));
  const { clean, broken } = gatingResult(gate);
  const { value, lower, upper } = gate.gap;
  return [
    number(clean, metric),
    number(broken.mean, metric),
    number(
      value,
      (it) => markup`${gap(it, gate.threshold)}<small>${interval(lower, upper, gate.threshold)}</small>`,
    ),
    number(gate.p.oneSided, (it) => pValue(it, gate.alpha)),
  ];
}
