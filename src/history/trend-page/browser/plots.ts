import uPlot from 'uplot';

import { dateOf } from '../commit-cells.ts';
import type { GateData } from '../page-data.ts';
import { drawChanges, drawPoints, drawVerdicts } from './marks.ts';
import type { Palette } from './palette.ts';

/** What the small plot shows of each modality. */
export type ModalityMeasure = 'gap' | 'auroc';

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

interface PlotWishes {
  readonly gate: GateData;
  readonly palette: Palette;
  readonly size: PlotSize;
  /** Plots of one key share a cursor. */
  readonly key: string;
  /** Is told which commit the cursor is at. */
  readonly look: (commit: number) => void;
}

const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const LINE = 2;
const DIGITS = [1, 2, 3, 4, 5, 6];
const AXIS_FONT = '12px system-ui, sans-serif';

/** The gap and the AUROC of a score that tells nothing. */
const NOTHING: Readonly<Record<ModalityMeasure, number>> = { gap: 0, auroc: 0.5 };

/** The gap of each commit with its interval and threshold. */
export function gapPlot(wishes: PlotWishes, target: HTMLElement): uPlot {
  const { gate, palette } = wishes;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const hidden = { width: 0, points: { show: false } };
  return new uPlot(
    {
      ...common(wishes, [20, 12, 0, 0], 0),
      series: [
        {},
        { ...hidden, stroke: palette.band },
        { ...hidden, stroke: palette.band },
        {
          stroke: palette.muted,
          width: 1.5,
          dash: [5, 4],
          points: { show: false },
          ...(stepped && { paths: stepped }),
        },
        { stroke: palette.line, width: LINE, points: { show: false } },
      ],
      bands: [{ series: [2, 1], fill: palette.band }],
      hooks: {
        drawClear: [
          (plot) => {
            drawVerdicts(plot, gate, palette);
          },
        ],
        draw: [
          (plot) => {
            drawPoints(plot, gate, palette);
            drawChanges(plot, gate, palette);
          },
        ],
        setCursor: [looker(wishes)],
      },
    },
    [commits(gate), gate.lower, gate.upper, gate.threshold, gate.gap].map((list) => [
      ...list,
    ]) as uPlot.AlignedData,
    target,
  );
}

/** One line for each modality. */
export function modalityPlot(wishes: PlotWishes, measure: ModalityMeasure, target: HTMLElement): uPlot {
  const { gate, palette } = wishes;
  return new uPlot(
    {
      ...common(wishes, [8, 12, 0, 0], NOTHING[measure]),
      series: [
        {},
        ...gate.modalities.map((_, m) => ({
          ...lineOf(m, palette),
          points: { show: gate.sha.length === 1 },
        })),
      ],
      hooks: { setCursor: [looker(wishes)] },
    },
    [commits(gate), ...gate.modalities.map((modality) => [...modality[measure]])],
    target,
  );
}

/** Colour and dashes of a modality's line: together they differ for two dozen. */
export function lineOf(m: number, { series }: Palette): { stroke: string; width: number; dash: number[] } {
  return { stroke: series[m % series.length], width: LINE, dash: [...DASHES[m % DASHES.length]] };
}

function common(
  { gate, palette, size, key }: PlotWishes,
  padding: [number, number, number, number],
  nothing: number,
): Omit<uPlot.Options, 'series'> {
  const grid = { stroke: palette.grid, width: 1 };
  return {
    ...size,
    padding,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, sync: { key }, drag: { x: true, y: false } },
    scales: {
      x: {
        time: false,
        range: (_, min, max) => [Math.max(-0.5, min - 0.5), Math.min(gate.sha.length - 0.5, max + 0.5)],
      },
      y: { range: roomy(nothing) },
    },
    axes: [
      {
        stroke: palette.muted,
        font: AXIS_FONT,
        grid: { show: false },
        ticks: grid,
        space: 84,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
        values: (_, splits) => splits.map((i) => (i in gate.sha ? dateOf(gate, i) : '')),
      },
      { stroke: palette.muted, font: AXIS_FONT, grid, ticks: { show: false }, size: 56, values: gapLabels },
    ],
  };
}

/**
 * What is in view, with room above and below: the strip of verdicts stands at the foot.
 *
 * @param nothing the value that says nothing, which is in view too
 */
function roomy(nothing: number): uPlot.Range.Function {
  // uPlot's types do not know that there is no value where all are null.
  return (_, min: number | null, max: number | null) => {
    const [low, high] = [Math.min(nothing, min ?? nothing), Math.max(nothing, max ?? nothing)];
    const range = high - low || 1;
    return [low - 0.1 * range, high + 0.06 * range];
  };
}

function gapLabels(_: uPlot, splits: number[]): string[] {
  const exact = (digits: number): boolean =>
    splits.every((split) => Math.abs(Number(split.toFixed(digits)) - split) < 1e-9);
  const digits = DIGITS.find(exact) ?? DIGITS.at(-1);
  return splits.map((split) => split.toFixed(digits).replace('-', '−'));
}

function commits(gate: GateData): number[] {
  return gate.sha.map((_, i) => i);
}

function looker({ look }: PlotWishes): (plot: uPlot) => void {
  return ({ cursor: { idx } }) => {
    if (typeof idx === 'number') look(idx);
  };
}
