import type { GateReport } from '../../gate-report.ts';
import { gap, interval, metric, pValue, quantity } from '../../numbers.ts';
import { measuredSlices, sliceName, sliceNote, slicesLeftOut } from '../../slices.ts';
import { slicesOf } from '../gate-plots.ts';
import { code, type Content, type Markup, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { number, table } from '../table.ts';

/** The gap among the examples of each value of some columns; null where no slices are asked for. */
export function slices(gate: GateReport): Part | null {
  if (gate.slices === undefined) return null;
  return {
    title: 'Where do the scores matter?',
    finding: finding(gate),
    plot: slicesOf(gate),
    note: sliceNote(gate),
    numbers: numbers(gate),
  };
}

function finding(gate: GateReport): Content {
  const worst = measuredSlices(gate).at(0);
  const left = slicesLeftOut(gate).map(
    ([why, { length }]) =>
      ` ${quantity(length)} ${length === 1 ? 'slice is' : 'slices are'} left out, ${why}.`,
  );
  if (worst === undefined) return markup`No slice could be measured.${left}`;
  return markup`The gap is smallest where ${code(sliceName(worst))}: ${gap(worst.found.gap.value, gate.threshold)}.${left}`;
}

function numbers(gate: GateReport): Markup {
  const { threshold, alpha } = gate;
  return table({
    label: 'Slice by slice',
    head: ['Slice', 'Examples', 'Clean-Q', 'Broken-Q', 'Gap', 'p (Holm)'],
    rows: measuredSlices(gate).map(({ found, ...slice }) => [
      code(sliceName(slice)),
      number(slice.examples, quantity),
      number(found.clean, metric),
      number(found.broken.mean, metric),
      {
        by: found.gap.value,
        show: markup`${gap(found.gap.value, threshold)}<small>${interval(found.gap.lower, found.gap.upper, threshold)}</small>`,
      },
      number(found.adjustedP, (it) => pValue(it, alpha)),
    ]),
  });
}
