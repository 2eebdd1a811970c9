import { isMissing } from '../base-report.ts';
import { baseName, baseSentence } from '../base-words.ts';
import { code, plain } from '../escape.ts';
import type { GateReport } from '../gate-report.ts';
import { gatingResult } from '../metrics.ts';
import { gap, interval, metric, pValue } from '../numbers.ts';
import { table } from './table.ts';

/** The gate at the base and here, side by side; nothing where no base was asked for. */
export function base(gate: GateReport): string[] {
  const { base: found, threshold, alpha } = gate;
  if (found === undefined) return [];
  if (isMissing(found) || found.source === 'same') {
    return [`**Against the base.** ${plain(baseSentence(found))}`];
  }
  const { change } = found;
  const here = gatingResult(gate);
  const of = ({ value, lower, upper }: { value: number; lower: number; upper: number }, size: number) =>
    `${gap(value, size)}<br><sub>${interval(lower, upper, size)}</sub>`;
  const rows = [
    ['Where', 'Verdict', 'Clean‑Q', 'Broken‑Q', 'Gap', 'p'],
    [
      `base, ${code(baseName(found))}`,
      found.verdict,
      metric(found.clean),
      metric(found.broken),
      of(found.gap, threshold),
      pValue(found.p, alpha),
    ],
    [
      'here',
      gate.verdict,
      metric(here.clean),
      metric(here.broken.mean),
      of(gate.gap, threshold),
      pValue(gate.p.oneSided, alpha),
    ],
    [
      'change',
      '',
      gap(here.clean - found.clean),
      gap(here.broken.mean - found.broken),
      `**${gap(change.value, -change.threshold)}**<br><sub>${interval(change.lower, change.upper, -change.threshold)}</sub>`,
      pValue(change.p, alpha),
    ],
  ];
  return [`**Against the base.** ${plain(baseSentence(found))}`, table(rows, 2)];
}
