import { code } from '../escape.ts';
import type { GateReport } from '../gate-report.ts';
import { METRIC_WORDS } from '../metrics.ts';
import { gap, interval, metric, pValue, quantity } from '../numbers.ts';
import { measuredSlices, sliceName, sliceNote, slicesLeftOut } from '../slices.ts';
import { table } from './table.ts';

/** Longest table, and most slices that a sentence names; the report file has all. */
const MOST_SLICES = 20;
const MOST_NAMED = 5;

const HEAD = ['Slice', 'Examples', 'Clean-Q', 'Broken-Q', 'Gap', 'Interval', 'p (Holm)'];

/** The gap in each slice, the smallest first; empty where no slices are asked for. */
export function slices(gate: GateReport): string {
  if (gate.slices === undefined) return '';
  const measured = measuredSlices(gate);
  const rows = measured
    .slice(0, MOST_SLICES)
    .map(({ found, ...slice }) => [
      code(sliceName(slice)),
      quantity(slice.examples),
      metric(found.clean),
      metric(found.broken.mean),
      gap(found.gap.value, gate.threshold),
      interval(found.gap.lower, found.gap.upper, gate.threshold),
      pValue(found.adjustedP, gate.alpha),
    ]);
  const more = measured.length - rows.length;
  return [
    '**Slice by slice**',
    ...(rows.length > 0 ? [table([HEAD, ...rows])] : []),
    ...(more > 0
      ? [
          `${quantity(more)} more ${more === 1 ? 'slice with a larger gap is' : 'slices with larger gaps are'} in the report file.`,
        ]
      : []),
    [`In ${METRIC_WORDS[gate.metric]}. ${sliceNote(gate)}`, ...leftOut(gate)].join(' '),
  ].join('\n\n');
}

function leftOut(gate: GateReport): string[] {
  return slicesLeftOut(gate).map(([why, left]) => {
    const named = left
      .slice(0, MOST_NAMED)
      .map((slice) => `${code(sliceName(slice))} (${quantity(slice.examples)})`);
    const rest = left.length > MOST_NAMED ? ` and ${quantity(left.length - MOST_NAMED)} more` : '';
    return `Left out, ${why}: ${named.join(', ')}${rest}.`;
  });
}
