import { isMissing } from '../../base-report.ts';
import { baseName, baseSentence } from '../../base-words.ts';
import type { GateReport } from '../../gate-report.ts';
import { gatingResult } from '../../metrics.ts';
import { gap, interval, metric, pValue } from '../../numbers.ts';
import { sentence } from '../markup.ts';
import type { Part } from '../part.ts';
import { table } from '../table.ts';

/** The gate at the base and here, side by side. */
export function base(gate: GateReport): Part | null {
  const { base: found, threshold, alpha } = gate;
  if (found === undefined) return null;
  const part = { title: 'Against the base', finding: sentence(baseSentence(found)) };
  if (isMissing(found) || found.source === 'same') return part;
  const { change } = found;
  const { clean, broken } = gatingResult(gate);
  const numbers = table({
    label: 'The gate at the base and here',
    head: ['Where', 'Verdict', 'Clean-Q', 'Broken-Q', 'Gap', 'Interval', 'p'],
    textColumns: 2,
    sortable: false,
    rows: [
      [
        `base, ${baseName(found)}`,
        found.verdict,
        metric(found.clean),
        metric(found.broken),
        gap(found.gap.value, threshold),
        interval(found.gap.lower, found.gap.upper, threshold),
        pValue(found.p, alpha),
      ],
      [
        'here',
        gate.verdict,
        metric(clean),
        metric(broken.mean),
        gap(gate.gap.value, threshold),
        interval(gate.gap.lower, gate.gap.upper, threshold),
        pValue(gate.p.oneSided, alpha),
      ],
      [
        'change',
        '',
        gap(clean - found.clean),
        gap(broken.mean - found.broken),
        gap(change.value, -change.threshold),
        interval(change.lower, change.upper, -change.threshold),
        pValue(change.p, alpha),
      ],
    ],
  });
  return { ...part, numbers, wide: true };
}
