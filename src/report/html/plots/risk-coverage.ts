import { bisectLeft } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

import { clip, visible } from '../../escape.ts';
import { type Markup, markup } from '../markup.ts';
import { metric, percent } from '../../numbers.ts';
import { axisBelow, axisLeft, type Scale } from './axes.ts';
import { type Area, canvas, px, tipped, WIDTH } from './canvas.ts';
import { endLabels } from './end-labels.ts';

/** What is risked when only the examples that a score trusts most are predicted. */
export interface RiskCoverage {
  /** Whose score decides. */
  readonly label: string;
  /** Shares of the examples that are predicted, rising to 1 [n], n >= 1. */
  readonly coverage: readonly number[];
  /** Share of those that are wrong [n]. */
  readonly risk: readonly number[];
}

const AREA: Area = { left: 48, right: WIDTH - 108, top: 34, bottom: 262 };
const LOOKS = ['clean', 'second', 'quiet'] as const;
/** Coverages at which a reader is told the numbers. */
const TOLD = [0.1, 0.25, 0.5, 0.75, 1];
const SMALLEST_RISK = 0.05;
/** What fits right of the plot. */
const LONGEST_LABEL = 11;

/** A curve for each score, from the example it trusts most to all of them. Flat: the score does not tell right from wrong. */
export function riskCoverage(curves: readonly RiskCoverage[]): Markup {
  const highest = Math.max(SMALLEST_RISK, ...curves.map(({ risk }) => risk.reduce((a, b) => Math.max(a, b))));
  const x = scaleLinear([0, 1], [AREA.left, AREA.right]);
  const y = scaleLinear([0, highest * 1.06], [AREA.bottom, AREA.top]);
  const words = {
    title: 'Risk against coverage',
    description: `Share wrong among the examples that a score trusts most: ${curves.map(({ label, risk }) => `${label} ends at ${metric(risk[risk.length - 1])}`).join('; ')}`,
  };
  return canvas(AREA.bottom + 46, words, [
    axisLeft(y, AREA, { label: 'share wrong' }),
    axisBelow(x, AREA, { label: 'share of examples predicted, the most trusted first' }),
    curves.map((curve, i) => drawCurve(curve, lookOf(i), x, y)),
    endLabels(
      curves.map(({ label, risk }, i) => ({
        y: y(risk[risk.length - 1]),
        text: clip(visible(label), LONGEST_LABEL),
        look: `strong ${lookOf(i)}`,
      })),
      AREA.right + 10,
      AREA.bottom,
    ),
  ]);
}

function lookOf(i: number): string {
  return LOOKS[i % LOOKS.length];
}

function drawCurve({ label, coverage, risk }: RiskCoverage, look: string, x: Scale, y: Scale): Markup {
  const path = line<number>()
    .x((_, i) => x(coverage[i]))
    .y((value) => y(value))
    .digits(2)(risk);
  const dots = TOLD.map((share) => {
    const i = Math.min(coverage.length - 1, bisectLeft(coverage, share));
    return tipped(
      `${label}: ${metric(risk[i])} wrong of the ${percent(coverage[i])} most trusted`,
      markup`<circle class="dot ${look}" cx="${px(x(coverage[i]))}" cy="${px(y(risk[i]))}" r="4"/>`,
    );
  });
  return markup`<path class="line ${look}" d="${path ?? ''}"/>${dots}`;
}
