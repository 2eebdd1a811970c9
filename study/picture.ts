import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

import { colourRules } from '../src/report/html/colours.ts';
import { type Markup, markup, ownMarkup } from '../src/report/html/markup.ts';
import { axisBelow, axisLeft, type Scale } from '../src/report/html/plots/axes.ts';
import { type Area, px, textWidth, tipped } from '../src/report/html/plots/canvas.ts';
import { PLOT_STYLE } from '../src/report/html/plots/plot-style.ts';
import { isCoverage, isFalseAlarm, isPower, isWarning, share } from './document.ts';
import type { PartResult } from './parts.ts';
import type { PowerCurve } from './power.ts';
import { holds, rateInterval, type Rate } from './rate.ts';

const WIDTH = 1170;
const LEFT = 720;
const RIGHT = WIDTH - 24;
const ROW = 17;
const LOOKS = ['clean', 'second'];

/** A part of the picture, drawn from y = 0 on. */
interface Panel {
  readonly height: number;
  readonly content: Markup;
}

/** \`docs/study.svg\`: every rate with its interval, and the power curves; light or dark as the reader prefers. */
export function drawStudy(results: readonly PartResult[]): string {
  const rates = results.flatMap((result) => result.rates);
  const curves = results.flatMap(({ curve }) => (curve ? [curve] : []));
  const panels = [
    ratesPanel('False alarms', rates.filter(isFalseAlarm), [0, 0.15]),
    ratesPanel('Intervals that hold the truth', rates.filter(isCoverage), [0.85, 1]),
    ratesPanel('The same where the report warns of too little to go by', rates.filter(isWarning), [0.85, 1]),
    ratesPanel('Settled, where four in five should be', rates.filter(isPower), [0.6, 1]),
    ...rulesOf(curves).map((rule) => powerPanel(rule, curves)),
  ].filter(({ height }) => height > 0);
  let y = 0;
  const placed = panels.map(({ height, content }) => {
    const at = y;
    y += height;
    return markup`<g transform="translate(0 ${at})">${content}</g>`;
  });
  const style = ownMarkup(`${colourRules('.plot')}\n${PLOT_STYLE}`);
  const drawn = markup`<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Simulation study: every rate with its interval, and power curves. The numbers are in study.md."><style>${style}</style><rect width="100%" height="100%" fill="var(--paper)"/>${placed}</svg>`;
  return `${drawn.source}\n`;
}

function ratesPanel(title: string, rates: readonly Rate[], extent: readonly [number, number]): Panel {
  if (rates.length === 0) return { height: 0, content: markup`` };
  const area: Area = { left: LEFT, right: RIGHT, top: 44, bottom: 44 + ROW * rates.length };
  const ends = rates.map(rateInterval);
  const x = scaleLinear(
    [
      Math.min(extent[0], ...ends.map(({ lower }) => lower)),
      Math.max(extent[1], ...ends.map(({ upper }) => upper)),
    ],
    [area.left + 6, area.right - 6],
  );
  const content = markup`<text class="strong" x="2" y="22">${title}</text>${axisBelow(x, area, { label: 'share of the data sets' })}${nominalLines(rates, x, area)}${rates.map((rate, i) => drawRate(rate, area.top + ROW * (i + 0.5), x))}`;
  return { height: area.bottom + 56, content };
}

function nominalLines(rates: readonly Rate[], x: Scale, { top, bottom }: Area): Markup[] {
  return [...new Set(rates.map(({ nominal }) => nominal))].map((nominal) => {
    const at = px(x(nominal));
    return markup`<path class="line bound dashed" d="M${at} ${top - 4}V${bottom}"/><text class="bound" x="${at}" y="${top - 9}" text-anchor="middle">${share(nominal, 0)}</text>`;
  });
}

/** A rate that does not hold has the colour of the bound that it missed. */
function drawRate(rate: Rate, y: number, x: Scale): Markup {
  const { data, what, times, of } = rate;
  const { lower, upper } = rateInterval(rate);
  const look = holds(rate) ? 'clean' : 'bound';
  const tip = `${data}: ${what}, ${share(times / of)}`;
  const marks = markup`<path class="interval ${look}" d="M${px(x(lower))} ${y}H${px(x(upper))}"/><circle class="dot ${look}" cx="${px(x(times / of))}" cy="${y}" r="4.5"/>`;
  return markup`<text class="${holds(rate) ? 'soft' : 'bound'}" x="${LEFT - 10}" y="${y + 4.5}" text-anchor="end">${data}: ${what}</text>${tipped(tip, marks)}`;
}

function rulesOf(curves: readonly PowerCurve[]): string[] {
  return [...new Set(curves.map(({ rule }) => rule))];
}

/** What passed as dots with their intervals, what the report predicts as lines. */
function powerPanel(rule: string, all: readonly PowerCurve[]): Panel {
  const curves = all.filter((curve) => curve.rule === rule);
  const area: Area = { left: 60, right: RIGHT - 90, top: 52, bottom: 232 };
  const gaps = curves.flatMap(({ points }) => points.map(({ gap }) => gap));
  const x = scaleLinear([0, Math.max(...gaps) * 1.04], [area.left + 6, area.right]);
  const y = scaleLinear([0, 1], [area.bottom, area.top]);
  const content = markup`<text class="strong" x="2" y="22">Power, ${rule}: dots passed, lines as the report predicts</text>${axisLeft(y, area, { label: 'passed' })}${axisBelow(x, area, { label: 'true gap in accuracy' })}${curves.map((curve, i) => drawCurve(curve, LOOKS[i % LOOKS.length], x, y, area))}`;
  return { height: area.bottom + 56, content };
}

function drawCurve({ rows, points }: PowerCurve, look: string, x: Scale, y: Scale, area: Area): Markup {
  const path = line<PowerCurve['points'][number]>()
    .x(({ gap }) => x(gap))
    .y(({ predicted }) => y(predicted))
    .digits(2)(points);
  const dots = points.map((point) => {
    const { lower, upper } = rateInterval({ times: point.passed, of: point.of });
    const at = px(x(point.gap));
    return tipped(
      `N = ${rows}, true gap ${point.gap.toFixed(4)}: ${share(point.passed / point.of)} passed, ${share(point.predicted)} predicted`,
      markup`<path class="interval ${look}" d="M${at} ${px(y(lower))}V${px(y(upper))}"/><circle class="dot ${look}" cx="${at}" cy="${px(y(point.passed / point.of))}" r="4.5"/>`,
    );
  });
  const label = `N = ${rows}`;
  const half = points.find(({ predicted }) => predicted > 0.5) ?? points[points.length - 1];
  const labelAt = Math.min(x(half.gap) + 10, area.right - textWidth(label));
  return markup`<path class="line ${look} thin" d="${path}"/>${dots}<text class="${look} halo strong" x="${px(labelAt)}" y="${px(y(half.predicted) + 16)}">${label}</text>`;
}
