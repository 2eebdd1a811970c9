import { scaleLinear } from 'd3-scale';

import { type Markup, markup } from '../markup.ts';
import { metric, quantity } from '../../numbers.ts';
import { axisBelow, axisLeft, type Scale, spanning } from './axes.ts';
import { type Bar, histogram } from './bins.ts';
import { type Area, canvas, px, tipped, WIDTH } from './canvas.ts';
import { type Placed, placeLabels } from './place-labels.ts';

/** Values of one metric: of every shuffle, and of what they are compared with. */
export interface NullDistribution {
  /** The metric in words. */
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly shuffles: readonly number[];
  readonly mean: number;
  readonly clean: number;
  readonly uniform: number;
  /** Smallest gap that counts. */
  readonly threshold: number;
}

interface Marker {
  readonly value: number;
  readonly text: string;
  readonly look: 'clean strong' | 'bound' | 'quiet';
  readonly dashed: boolean;
}

const [LEFT, RIGHT] = [44, WIDTH - 20] as const;
const ROW = 19;
const FIRST_ROW = 16;
const SMALLEST_AXIS = 0.01;

/** Where Clean-Q falls among the shuffles: their histogram, and lines for what the gate compares. */
export function nullDistribution(data: NullDistribution): Markup {
  const markers = markersOf(data);
  const bars = histogram(data.shuffles);
  const values = [...markers.map(({ value }) => value), bars[0].lower, bars[bars.length - 1].upper];
  const x = spanning(values, [LEFT, RIGHT], SMALLEST_AXIS);
  const placed = placeLabels(
    markers.map(({ value, text }) => ({ x: x(value), text })),
    [0, WIDTH],
  );
  const top = FIRST_ROW + ROW * Math.max(...placed.map(({ row }) => row)) + 32;
  const area: Area = { left: LEFT, right: RIGHT, top, bottom: top + 176 };
  const most = Math.max(...bars.map(({ count }) => count));
  const y = scaleLinear([0, most], [area.bottom, area.top]);
  const words = {
    title: 'The metric under shuffled scores, and where the scores as given fall',
    description: `Histogram of ${data.metric} over ${quantity(data.shuffles.length)} shuffles, with lines: ${markers.map(({ text }) => text).join('; ')}`,
  };
  return canvas(area.bottom + 46, words, [
    axisLeft(y, area, { label: 'shuffles', ticks: Math.min(4, most) }),
    axisBelow(x, area, { label: data.metric }),
    bars.map((bar) => drawBar(bar, x, y)),
    flags(markers, placed, x, area.bottom),
  ]);
}

function markersOf({ better, mean, clean, uniform, threshold }: NullDistribution): Marker[] {
  const needed = better === 'higher' ? mean + threshold : mean - threshold;
  return [
    { value: clean, text: `Clean-Q ${metric(clean)}`, look: 'clean strong', dashed: false },
    { value: needed, text: `needed ${metric(needed)}`, look: 'bound', dashed: true },
    { value: mean, text: `mean of the shuffles ${metric(mean)}`, look: 'quiet', dashed: false },
    { value: uniform, text: `uniform ${metric(uniform)}`, look: 'quiet', dashed: true },
  ];
}

/** Shuffles that all give the same value make one thin bar. */
function drawBar({ lower, upper, count }: Bar, x: Scale, y: Scale): Markup {
  const width = Math.max(2, x(upper) - x(lower) - 1);
  const middle = (x(lower) + x(upper)) / 2;
  const [base, top] = y.range();
  const range = lower === upper ? metric(lower) : `${metric(lower)} to ${metric(upper)}`;
  const rectangle = markup`<rect class="bar" x="${px(middle - width / 2)}" y="${px(y(count))}" width="${px(width)}" height="${px(base - y(count))}"/><rect class="target" x="${px(middle - width / 2)}" y="${px(top)}" width="${px(width + 1)}" height="${px(base - top)}"/>`;
  return tipped(`${range}: ${quantity(count)} ${count === 1 ? 'shuffle' : 'shuffles'}`, rectangle);
}

/** Lines first, so that no line runs over words. */
function flags(markers: readonly Marker[], placed: readonly Placed[], x: Scale, bottom: number): Markup[] {
  const lines = markers.map(({ value, look, dashed }, i) => {
    const top = FIRST_ROW + ROW * placed[i].row - 12;
    return markup`<path class="line ${look}${dashed ? ' dashed' : ''}" d="M${px(x(value))} ${top}V${bottom}"/>`;
  });
  const labels = markers.map(({ value, text, look }, i) => {
    const { row, side } = placed[i];
    const at = x(value) + (side === 'right' ? 6 : -6);
    return markup`<text class="halo ${look}" x="${px(at)}" y="${FIRST_ROW + ROW * row}" text-anchor="${side === 'right' ? 'start' : 'end'}">${text}</text>`;
  });
  return [...lines, ...labels];
}
