import { line } from 'd3-shape';

import { type Markup, markup } from '../markup.ts';
import { gap, metric } from '../../numbers.ts';
import { axisBelow, axisLeft, type Scale, spanning } from './axes.ts';
import { type Area, canvas, px, textWidth, tipped, WIDTH } from './canvas.ts';
import { type EndLabel, endLabels } from './end-labels.ts';

/** The gap of a positive control as its score becomes more truthful. */
export interface DoseCurve {
  /** Name of the control. */
  readonly label: string;
  readonly points: readonly { readonly auroc: number; readonly gap: number }[];
  /** AUROC at which the gap reaches the threshold; null where it never does. */
  readonly requiredAuroc: number | null;
}

/** Of one gate. */
export interface DoseResponse {
  /** The first is drawn foremost. At least one, and each with a point. */
  readonly curves: readonly DoseCurve[];
  /** Smallest gap that counts. */
  readonly threshold: number;
  /** Lowest and highest AUROC of the scores under test; null where they are not known. */
  readonly own: readonly [number, number] | null;
}

const AREA: Area = { left: 48, right: WIDTH - 108, top: 34, bottom: 262 };
const SMALLEST_GAP = 0.01;
const LOOKS = ['clean', 'second'] as const;

/** How good a score the rule would need, and how good the ones are that it has. */
export function doseResponse({ curves, threshold, own }: DoseResponse): Markup {
  const points = curves.flatMap((curve) => curve.points);
  const x = spanning(
    [0.5, 1, ...points.map(({ auroc }) => auroc), ...(own ?? [])],
    [AREA.left, AREA.right],
    0,
  );
  const y = spanning(
    [0, threshold, ...points.map((point) => point.gap)],
    [AREA.bottom, AREA.top],
    SMALLEST_GAP,
  );
  const needs = curves.map(({ label, requiredAuroc }) =>
    requiredAuroc === null ? `${label}: never enough` : `${label}: reached at ${metric(requiredAuroc)}`,
  );
  const words = {
    title: 'Gap against the AUROC of the score',
    description: `A line for each positive control, and the threshold of ${threshold}. ${needs.join('; ')}`,
  };
  return canvas(AREA.bottom + 46, words, [
    axisLeft(y, AREA, { label: 'gap' }),
    axisBelow(x, AREA, { label: 'AUROC of the score' }),
    own === null ? null : ownScores(own, x, y(threshold)),
    thresholdLine(threshold, y),
    curves.toReversed().map((curve) => drawCurve(curve, LOOKS[curves.indexOf(curve) % LOOKS.length], x, y)),
    curves.map((curve) => crossing(curve, threshold, x, y)),
    endLabels(endsOf(curves, threshold, y), AREA.right + 10, AREA.bottom),
  ]);
}

/**
 * A band from the worst to the best of the scores under test.
 *
 * @param line where the threshold runs: words stay below it where it is near the top
 */
function ownScores([low, high]: readonly [number, number], x: Scale, line: number): Markup {
  const [from, to] = [Math.max(AREA.left, x(low) - 2), x(high) + 2];
  const range = [...new Set([low, high].map((auroc) => auroc.toFixed(2)))].join(' to ');
  // Curves rise to the right: the left is free where there is room.
  const onRight = from - 6 - textWidth(range) < AREA.left;
  const at = px(onRight ? to + 6 : from - 6);
  return markup`<rect class="area clean" x="${px(from)}" y="${AREA.top}" width="${px(to - from)}" height="${AREA.bottom - AREA.top}"/><text class="clean halo strong" y="${px(line < AREA.top + 40 ? line + 18 : AREA.top + 12)}" text-anchor="${onRight ? 'start' : 'end'}"><tspan x="${at}">yours</tspan><tspan x="${at}" dy="16">${range}</tspan></text>`;
}

function thresholdLine(threshold: number, y: Scale): Markup {
  const at = px(y(threshold));
  return markup`<path class="line bound dashed" d="M${AREA.left} ${at}H${AREA.right}"/>`;
}

function drawCurve({ label, points }: DoseCurve, look: string, x: Scale, y: Scale): Markup {
  const path = line<DoseCurve['points'][number]>()
    .x(({ auroc }) => x(auroc))
    .y((point) => y(point.gap))
    .digits(2)(points);
  const dots = points.map((point) =>
    tipped(
      `${label}: AUROC ${metric(point.auroc)}, gap ${gap(point.gap)}`,
      markup`<circle class="dot ${look}" cx="${px(x(point.auroc))}" cy="${px(y(point.gap))}" r="4.5"/>`,
    ),
  );
  return markup`<path class="line ${look}" d="${path}"/>${dots}`;
}

function endsOf(curves: readonly DoseCurve[], threshold: number, y: Scale): EndLabel[] {
  const ends = curves.map(({ label, points }, i) => ({
    y: y(points[points.length - 1].gap),
    text: label,
    look: `strong ${LOOKS[i % LOOKS.length]}`,
  }));
  return [...ends, { y: y(threshold), text: 'threshold', look: 'bound' }];
}

/** Where the curve reaches the threshold: a line down to the axis. */
function crossing({ requiredAuroc }: DoseCurve, threshold: number, x: Scale, y: Scale): Markup | null {
  if (requiredAuroc === null) return null;
  const [at, top] = [px(x(requiredAuroc)), px(y(threshold))];
  return tipped(
    `threshold reached at an AUROC of ${metric(requiredAuroc)}`,
    markup`<path class="line bound thin" d="M${at} ${top}V${AREA.bottom}"/><circle class="dot bound" cx="${at}" cy="${top}" r="4.5"/><text class="bound halo" x="${px(at - 4)}" y="${px(top - 8)}" text-anchor="end">${requiredAuroc.toFixed(2)}</text>`,
  );
}
