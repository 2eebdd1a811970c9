import { type Markup, markup } from '../markup.ts';
import { metric } from '../../numbers.ts';
import { axisBelow, type Scale, spanning } from './axes.ts';
import { type Area, canvas, px, tipped, WIDTH } from './canvas.ts';
import { rowLabel } from './row-label.ts';

/** What predicts, and how well. */
export interface ValueRow {
  readonly label: string;
  readonly value: number;
  /** Standard deviation over shuffles, where it is their mean. */
  readonly spread: number | null;
  /** Whether it is the one that the gate is about. */
  readonly strong: boolean;
}

const ROW = 28;
const TOP = 8;
const SMALLEST_AXIS = 0.02;

/** Values of one metric, one below the other; a line leads down from the strong one, to compare the rest with. */
export function valueDots(rows: readonly ValueRow[], unit: string): Markup {
  const area: Area = { left: 138, right: WIDTH - 68, top: TOP, bottom: TOP + ROW * rows.length };
  const values = rows.flatMap(({ value, spread }) => [value - (spread ?? 0), value + (spread ?? 0)]);
  const x = spanning(values, [area.left + 6, area.right - 6], SMALLEST_AXIS);
  const words = {
    title: `${unit} of each predictor`,
    description: rows.map(({ label, value }) => `${label}: ${metric(value)}`).join('; '),
  };
  const lines = rows
    .filter(({ strong }) => strong)
    .map(
      ({ value }) => markup`<path class="line clean thin" d="M${px(x(value))} ${area.top}V${area.bottom}"/>`,
    );
  return canvas(area.bottom + 46, words, [
    axisBelow(x, area, { label: unit, ticks: 4 }),
    lines,
    rows.map((row, i) => drawRow(row, TOP + ROW * (i + 0.5), x, area)),
  ]);
}

function drawRow({ label, value, spread, strong }: ValueRow, y: number, x: Scale, { right }: Area): Markup {
  const look = strong ? 'clean' : 'quiet';
  const marks = [
    spread === null
      ? null
      : markup`<path class="interval ${look}" d="M${px(x(value - spread))} ${y}H${px(x(value + spread))}"/>`,
    markup`<circle class="dot ${look}" cx="${px(x(value))}" cy="${y}" r="6"/>`,
    markup`<rect class="target" x="0" y="${y - ROW / 2}" width="${WIDTH}" height="${ROW}"/>`,
  ];
  const tip = `${label}: ${metric(value)}${spread === null ? '' : ` ± ${metric(spread)}`}`;
  return markup`${rowLabel(label, y, strong)}<text class="${strong ? 'strong' : 'soft'}" x="${right + 8}" y="${y + 4.5}">${metric(value)}</text>${tipped(tip, marks)}`;
}
