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
  /** What it has to reach; null where that is nothing in particular. */
  readonly threshold: number | null;
  /** Whether it is the one that the gate is about. */
  readonly strong: boolean;
}

const ROW = 32;
const TOP = 26;
const SMALLEST_AXIS = 0.01;

/**
 * Gaps with their intervals, one below the other, from a common zero.
 *
 * @param what they are, as a word
 */
export function gapIntervals(rows: readonly GapRow[], unit: string, what = 'gap'): Markup {
  const area: Area = { left: 138, right: WIDTH - 76, top: TOP, bottom: TOP + ROW * rows.length };
  const values = rows.flatMap((row) => [row.gap, row.threshold ?? 0, ...(row.interval ?? [])]);
  const x = spanning([0, ...values], [area.left + 6, area.right - 6], SMALLEST_AXIS);
  const words = {
    title: `${what.charAt(0).toUpperCase()}${what.slice(1)}s and their intervals`,
    description: rows.map((row) => `${row.label}: ${gap(row.gap)}${intervalText(row)}`).join('; '),
  };
  const thresholds = new Set(rows.map(({ threshold }) => threshold));
  return canvas(area.bottom + 46, words, [
    axisBelow(x, area, { label: `${what} in ${unit}`, ticks: 4 }),
    markup`<path class="line quiet thin" d="M${px(x(0))} ${area.top}V${area.bottom}"/>`,
    thresholds.size === 1 && rows[0].threshold !== null ? commonThreshold(rows[0].threshold, x, area) : null,
    rows.map((row, i) =>
      drawRow(row, TOP + ROW * (i + 0.5), x, area, { what, ownThreshold: thresholds.size > 1 }),
    ),
  ]);
}

function intervalText({ interval: ends, threshold }: GapRow): string {
  return ends === null ? '' : ` ${interval(ends[0], ends[1], threshold ?? undefined)}`;
}

function commonThreshold(threshold: number, x: Scale, { top, bottom, left, right }: Area): Markup {
  const text = `threshold ${threshold}`;
  const half = textWidth(text) / 2;
  const middle = Math.min(right - half, Math.max(left + half, x(threshold)));
  return markup`<path class="line bound dashed" d="M${px(x(threshold))} ${top - 6}V${bottom}"/><text class="bound" x="${px(middle)}" y="${top - 11}" text-anchor="middle">${text}</text>`;
}

/** @param ownThreshold whether this row has to show what it must reach */
function drawRow(
  row: GapRow,
  y: number,
  x: Scale,
  { right }: Area,
  { what, ownThreshold }: { readonly what: string; readonly ownThreshold: boolean },
): Markup {
  const { threshold } = row;
  const look = row.strong ? 'clean' : 'quiet';
  const ends = row.interval?.map((end) => px(x(end)));
  const marks = [
    ownThreshold && threshold !== null
      ? markup`<path class="line bound" d="M${px(x(threshold))} ${y - 9}V${y + 9}"/>`
      : null,
    ends === undefined ? null : markup`<path class="interval ${look}" d="M${ends[0]} ${y}H${ends[1]}"/>`,
    markup`<circle class="dot ${look}" cx="${px(x(row.gap))}" cy="${y}" r="6"/>`,
    markup`<rect class="target" x="0" y="${y - ROW / 2}" width="${WIDTH}" height="${ROW}"/>`,
  ];
  const tip = `${row.label}: ${what} ${gap(row.gap)}${intervalText(row)}${threshold === null ? '' : `, threshold ${threshold}`}`;
  return markup`${rowLabel(row.label, y, row.strong)}<text class="${row.strong ? 'strong' : 'soft'}" x="${right + 8}" y="${y + 4.5}">${gap(row.gap)}</text>${tipped(tip, marks)}`;
}
