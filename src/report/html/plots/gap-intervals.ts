import { type Markup, markup } from '../markup.ts';
import { gap, interval } from '../../numbers.ts';
import { axisBelow, type Scale, spanning } from './axes.ts';
import { type Area, canvas, px, textWidth, tipped, WIDTH } from './canvas.ts';
import { rowLabel } from './row-label.ts';

/** One gap, beside the others. */
export interface GapRow {
  readonly label: string;
  readonly gap: number;
  /** Its interval, where it has one. */
  readonly interval: readonly [lower: number, upper: number] | null;
  /** What it has to reach. */
  readonly threshold: number;
  /** Whether it is the one that the gate is about. */
  readonly strong: boolean;
}

const ROW = 32;
const TOP = 26;
const SMALLEST_AXIS = 0.01;

/** Gaps with their intervals, one below the other, from a common zero. */
export function gapIntervals(rows: readonly GapRow[], unit: string): Markup {
  const area: Area = { left: 138, right: WIDTH - 76, top: TOP, bottom: TOP + ROW * rows.length };
  const values = rows.flatMap((row) => [row.gap, row.threshold, ...(row.interval ?? [])]);
  const x = spanning([0, ...values], [area.left + 6, area.right - 6], SMALLEST_AXIS);
  const words = {
    title: 'Gaps and their intervals',
    description: rows.map((row) => `${row.label}: ${gap(row.gap)}${intervalText(row)}`).join('; '),
  };
  const thresholds = new Set(rows.map(({ threshold }) => threshold));
  return canvas(area.bottom + 46, words, [
    axisBelow(x, area, { label: `gap in ${unit}`, ticks: 4 }),
    markup`<path class="line quiet thin" d="M${px(x(0))} ${area.top}V${area.bottom}"/>`,
    thresholds.size === 1 ? commonThreshold(rows[0].threshold, x, area) : null,
    rows.map((row, i) => drawRow(row, TOP + ROW * (i + 0.5), x, area, thresholds.size > 1)),
  ]);
}

function intervalText({ interval: ends, threshold }: GapRow): string {
  return ends === null ? '' : ` ${interval(ends[0], ends[1], threshold)}`;
}

function commonThreshold(threshold: number, x: Scale, { top, bottom, left, right }: Area): Markup {
  const text = `threshold ${threshold}`;
  const half = textWidth(text) / 2;
  const middle = Math.min(right - half, Math.max(left + half, x(threshold)));
  return markup`<path class="line bound dashed" d="M${px(x(threshold))} ${top - 6}V${bottom}"/><text class="bound" x="${px(middle)}" y="${top - 11}" text-anchor="middle">${text}</text>`;
}

/** @param ownThreshold whether this row has to show what it must reach */
function drawRow(row: GapRow, y: number, x: Scale, { right }: Area, ownThreshold: boolean): Markup {
  const look = row.strong ? 'clean' : 'quiet';
  const ends = row.interval?.map((end) => px(x(end)));
  const marks = [
    ownThreshold ? markup`<path class="line bound" d="M${px(x(row.threshold))} ${y - 9}V${y + 9}"/>` : null,
    ends === undefined ? null : markup`<path class="interval ${look}" d="M${ends[0]} ${y}H${ends[1]}"/>`,
    markup`<circle class="dot ${look}" cx="${px(x(row.gap))}" cy="${y}" r="6"/>`,
    markup`<rect class="target" x="0" y="${y - ROW / 2}" width="${WIDTH}" height="${ROW}"/>`,
  ];
  const tip = `${row.label}: gap ${gap(row.gap)}${intervalText(row)}, threshold ${row.threshold}`;
  return markup`${rowLabel(row.label, y, row.strong)}<text class="${row.strong ? 'strong' : 'soft'}" x="${right + 8}" y="${y + 4.5}">${gap(row.gap)}</text>${tipped(tip, marks)}`;
}
