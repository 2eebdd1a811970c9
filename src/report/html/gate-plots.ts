import type { Accuracies, ControlResult } from '../../diagnostic/diagnosis.ts';
import type { GateReport } from '../gate-report.ts';
import { clip, visible } from '../escape.ts';
import { gatingResult, METRIC_WORDS } from '../metrics.ts';
import { calibrated, CHANGE_WORDS, measured } from '../remedies.ts';
import { measuredSlices, sliceName } from '../slices.ts';
import type { Markup } from './markup.ts';
import { doseResponse } from './plots/dose-response.ts';
import { gapIntervals, type GapRow } from './plots/gap-intervals.ts';
import { nullDistribution } from './plots/null-distribution.ts';
import { reliabilityDiagram } from './plots/reliability-diagram.ts';
import { riskCoverage } from './plots/risk-coverage.ts';
import { valueDots, type ValueRow } from './plots/value-dots.ts';

/** Every plot of a gate by the name of its file; null where the gate has not what it shows. */
export const GATE_PLOTS: Readonly<Record<string, (gate: GateReport) => Markup | null>> = {
  'null-distribution': nullDistributionOf,
  gaps: gapsOf,
  slices: slicesOf,
  'dose-response': doseResponseOf,
  experts: expertsOf,
  gains: gainsOf,
  'risk-coverage': riskCoverageOf,
};

export function nullDistributionOf(gate: GateReport): Markup {
  const { clean, uniform, broken, better } = gatingResult(gate);
  return nullDistribution({
    metric: METRIC_WORDS[gate.metric],
    better,
    shuffles: gate.broken.values,
    mean: broken.mean,
    clean,
    uniform,
    threshold: gate.threshold,
  });
}

/** The gap of the gate, then of shuffles that keep rows together, then of each modality. */
export function gapsOf({ gap, joint, perModality, scoreEffects, threshold, metric }: GateReport): Markup {
  const plain = (label: string, value: number): GapRow => ({
    label,
    gap: value,
    interval: null,
    threshold,
    strong: false,
  });
  const rows = [
    { ...plain('all scores', gap.value), interval: [gap.lower, gap.upper] as const, strong: true },
    ...(joint === null ? [] : [plain('whole rows', joint.gap)]),
    ...Object.entries(perModality).map(([modality, alone]): GapRow => {
      const effect = scoreEffects?.[modality]?.gap;
      return {
        ...plain(`only ${modality}`, alone.gap),
        ...(effect && { interval: [effect.lower, effect.upper] as const }),
      };
    }),
  ];
  return gapIntervals(rows, METRIC_WORDS[metric]);
}

/** Most slices in a plot. */
const MOST_SLICES = 20;

/** The gap of the gate, then of the slices, the smallest first; null without slices. */
export function slicesOf(gate: GateReport): Markup | null {
  const { gap: all, threshold, metric } = gate;
  const measured = measuredSlices(gate).slice(0, MOST_SLICES);
  if (measured.length === 0) return null;
  const rows: GapRow[] = [
    { label: 'all examples', gap: all.value, interval: [all.lower, all.upper], threshold, strong: true },
    ...measured.map((slice): GapRow => {
      const { value, lower, upper } = slice.found.gap;
      return { label: sliceName(slice), gap: value, interval: [lower, upper], threshold, strong: false };
    }),
  ];
  return gapIntervals(rows, METRIC_WORDS[metric]);
}

/** Most changes of scores in a plot. */
const MOST_CHANGES = 9;

/** What changed scores would gain on these examples, the most first; null where none was tried. */
export function gainsOf({ remedies, metric }: GateReport): Markup | null {
  const rows = measured(remedies?.tried)
    .slice(0, MOST_CHANGES)
    .map(({ modality, change, found: { gain, isBetter } }): GapRow => ({
      label: `${modality === null ? 'all' : clip(visible(modality), 8)} ${SHORT_CHANGES[change]}`,
      gap: gain.value,
      interval: [gain.lower, gain.upper],
      threshold: null,
      strong: isBetter,
    }));
  return rows.length === 0 ? null : gapIntervals(rows, METRIC_WORDS[metric], 'gain');
}

/** As they fit left of a plot. */
const SHORT_CHANGES: Readonly<Record<keyof typeof CHANGE_WORDS, string>> = {
  drop: 'at the mean',
  clip: 'clipped',
  floor: 'floored',
};

/** Most reliability diagrams. */
const MOST_DIAGRAMS = 6;
const LONGEST_LABEL = 24;

/** A reliability diagram for each score that has one. */
export function reliabilityOf(gate: GateReport): Markup[] {
  return calibrated(gate)
    .slice(0, MOST_DIAGRAMS)
    .map(([modality, { bins, isProbability, reliableWhen }]) =>
      reliabilityDiagram({
        label: clip(visible(modality), LONGEST_LABEL),
        calibrated: isProbability ? (reliableWhen === 'high' ? 'rising' : 'falling') : null,
        bins: bins.map(({ shareRight, interval, ...bin }) => ({ ...bin, accuracy: shareRight, interval })),
      }),
    );
}

/** A curve for each score, of the expert alone; null where no score has one. */
export function riskCoverageOf(gate: GateReport): Markup | null {
  const curves = calibrated(gate).map(
    ([
      label,
      {
        riskCoverage: { coverage, risk },
      },
    ]) => ({
      label,
      coverage,
      risk,
    }),
  );
  return curves.length === 0 ? null : riskCoverage(curves);
}

/** The controls that were run, by name, the one that names the right experts first. */
export function controlsOf({ controls: { correctness, corruption } }: GateReport): [string, ControlResult][] {
  return [
    ...(correctness === null ? [] : [['correctness', correctness] as [string, ControlResult]]),
    ...(corruption === null ? [] : [['corruption', corruption] as [string, ControlResult]]),
  ];
}

/** The lowest and the highest AUROC of the scores against their experts being right. */
export function ownAurocs({ alignment }: GateReport): readonly [number, number] | null {
  const known = Object.values(alignment ?? {}).flatMap(({ auroc }) => auroc ?? []);
  return known.length === 0 ? null : [Math.min(...known), Math.max(...known)];
}

export function doseResponseOf(gate: GateReport): Markup | null {
  const curves = controlsOf(gate)
    .filter(([, { doseResponse: points }]) => points.length > 0)
    .map(([label, { doseResponse: points, requiredAuroc }]) => ({ label, points, requiredAuroc }));
  if (curves.length === 0) return null;
  // What the scores know of the experts says nothing of the rows that the corruption control spoilt.
  const own = gate.controls.correctness === null ? null : ownAurocs(gate);
  return doseResponse({ curves, threshold: gate.threshold, own });
}

/** Everything that predicts, in accuracy or balanced accuracy, of values in the gating metric; null without expert outputs. */
export function expertsOf(gate: GateReport): Markup | null {
  const { experts, clean, uniform, broken, headroom, metric } = gate;
  if (clean === null || uniform === null || broken.mean === null || broken.std === null)
    return levelsOf(gate);
  if (experts === null) return null;
  const key: keyof Accuracies = metric === 'balanced-accuracy' ? 'balancedAccuracy' : 'accuracy';
  const rows = [
    ...(headroom === null ? [] : [plain('best expert of each', headroom.oracle)]),
    { ...plain('Clean-Q', clean[key]), strong: true },
    { ...plain('Broken-Q', broken.mean[key]), spread: broken.std[key] },
    plain('uniform', uniform[key]),
    ...Object.entries(experts).map(([name, expert]) => plain(`${name} alone`, expert[key])),
  ];
  return valueDots(rows, METRIC_WORDS[metric === 'balanced-accuracy' ? metric : 'accuracy']);
}

/** The gating metric of everything that predicts. */
function levelsOf(gate: GateReport): Markup | null {
  const { expertMetric, headroom, metric } = gate;
  if (expertMetric === null) return null;
  const { clean, broken, uniform } = gatingResult(gate);
  const rows = [
    ...(headroom === null ? [] : [plain('best expert of each', headroom.oracle)]),
    { ...plain('Clean-Q', clean), strong: true },
    { ...plain('Broken-Q', broken.mean), spread: broken.std },
    plain('uniform', uniform),
    ...Object.entries(expertMetric).flatMap(([name, value]) =>
      value === null ? [] : [plain(`${name} alone`, value)],
    ),
  ];
  return valueDots(rows, METRIC_WORDS[metric]);
}

function plain(label: string, value: number): ValueRow {
  return { label, value, spread: null, strong: false };
}
