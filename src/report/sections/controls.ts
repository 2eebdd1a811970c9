import type { ControlResult } from '../../diagnostic/diagnosis.ts';
import { ownAurocs } from '../../diagnostic/own-auroc.ts';
import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { gap, interval, metric, percent, pValue } from '../numbers.ts';
import { table } from './table.ts';

const NOT_RUN = {
  noExperts:
    'The correctness control is n/a, because neither the model nor the evaluation set has predictions of the experts.',
  noTruth:
    'The correctness control is n/a, because no expert is right on some examples and wrong on others in a way that its scores could tell.',
  noNearest:
    'The correctness control is n/a, because the same expert is the best on every example, or its scores could not tell.',
  noEvidence:
    'The corruption control is n/a, because no modality has evidence of its own to replace and two levels of score to say so.',
};

/** What a truthful score names. */
const TRUSTED: Readonly<Record<GateReport['task'], string>> = {
  classification: 'the experts that are right',
  regression: 'the expert that is nearest to the truth',
  'multi-label': 'the expert with the fewest wrong labels',
};

/** What the headroom of a control is: a rule that mixes values (or labels) may do better than the best of them. */
export const POSSIBLE: Readonly<Record<GateReport['task'], string>> = {
  classification: 'Most possible',
  regression: 'Possible, at least',
  'multi-label': 'Possible, at least',
};

/** The positive controls: the same frozen rule, fed scores that are known to be truthful. */
export function positiveControls(gate: GateReport): string {
  const { correctness, corruption } = gate.controls;
  const rows = [
    ...(correctness === null
      ? []
      : [row(`Correctness: the score names ${TRUSTED[gate.task]}`, correctness, gate)]),
    ...(corruption === null
      ? []
      : [
          row(
            `Corruption: the score of ${code(corruption.modality)} names the spoilt rows`,
            corruption,
            gate,
          ),
        ]),
  ];
  const head = ['Truthful scores', 'Result', 'Gap', 'p', POSSIBLE[gate.task], 'AUROC needed'];
  return [
    '**Positive controls: could this fusion rule use a truthful score?**',
    ...(rows.length > 0 ? [table([head, ...rows], 2)] : []),
    ...whyNotRun(gate),
  ].join('\n\n');
}

/** A sentence for each control that could not be run. */
export function whyNotRun(gate: GateReport): string[] {
  const { correctness, corruption } = gate.controls;
  return [
    ...(correctness === null ? [NOT_RUN[whyNoCorrectness(gate)]] : []),
    ...(corruption === null ? [NOT_RUN.noEvidence] : []),
  ];
}

function whyNoCorrectness({ alignment, task }: GateReport): keyof typeof NOT_RUN {
  if (alignment === null) return 'noExperts';
  return task === 'classification' ? 'noTruth' : 'noNearest';
}

function row(what: string, control: ControlResult, { threshold, alpha }: GateReport): string[] {
  const { passed, p, headroom, requiredAuroc } = control;
  return [
    what,
    passed ? 'passed' : 'not passed',
    gap(control.gap, threshold),
    pValue(p, alpha),
    headroom === null ? 'n/a' : gap(headroom, threshold),
    requiredAuroc === null ? 'never enough' : metric(requiredAuroc),
  ];
}

/**
 * How good a score this rule would need: the dose-response of one control, as a chart where wanted and always as a table.
 * Empty where no control was run.
 */
export function doseResponse(gate: GateReport, withChart: boolean): string {
  const { correctness, corruption } = gate.controls;
  const control = correctness ?? corruption;
  if (control === null || control.doseResponse.length === 0) return '';
  const points = table([
    ['Share of the score that is truthful', ...control.doseResponse.map(({ dose }) => percent(dose))],
    ['AUROC of the score', ...control.doseResponse.map(({ auroc }) => metric(auroc))],
    ['Gap', ...control.doseResponse.map((point) => gap(point.gap, gate.threshold))],
    ['Its interval', ...control.doseResponse.map(({ lower, upper }) => interval(lower, upper))],
  ]);
  const own = ownScores(gate);
  return [
    `**How good a score would this rule need?** ${neededAuroc(control, gate.threshold)}`,
    ...(own.length > 0 ? [own.join('\n')] : []),
    ...(withChart ? [chart(control, gate.threshold)] : []),
    points,
    `From the ${correctness === null ? 'corruption' : 'correctness'} control, truthful scores mixed with shuffled ones. The ${percent(gate.gap.confidence)} intervals cover the chance in these mixtures and shuffles, not that in the examples.`,
  ].join('\n\n');
}

/** How good a score has to be for this control to reach the gate's threshold. */
export function neededAuroc(
  { requiredAuroc, requiredAurocInterval }: ControlResult,
  threshold: number,
): string {
  if (requiredAuroc === null) {
    return `Even a truthful score does not bring the gap to the threshold of ${threshold}.`;
  }
  const { lower, upper } = requiredAurocInterval ?? { lower: requiredAuroc, upper: null };
  const between = upper === null ? `from ${metric(lower)}, or never` : `${metric(lower)} to ${metric(upper)}`;
  return `The gap reaches the threshold of ${threshold} at an AUROC of ${metric(requiredAuroc)} (${between}).`;
}

/** What the scores have of the AUROC that the rule needs, a line for each modality. */
function ownScores(gate: GateReport): string[] {
  return ownAurocs(gate).map(({ modality, own, needed: least }) =>
    own < least
      ? `- ${code(modality)}: you have ${metric(own)}, this rule starts to benefit at ${metric(least)}.`
      : `- ${code(modality)}: you have ${metric(own)}, and this rule starts to benefit at ${metric(least)} already.`,
  );
}

/** A chart whose axis has no extent is not drawn. */
const FLATTEST = 0.001;

/**
 * Mermaid. Nothing in it comes from a file, so nothing in it needs escaping. Points stand at equal steps, whatever the
 * axis says, so the axis names each of them. The default colours are too pale for a light page.
 */
function chart({ doseResponse: points }: ControlResult, threshold: number): string {
  const gaps = points.map((point) => point.gap);
  const low = Math.min(0, threshold, ...gaps);
  const high = Math.max(FLATTEST, threshold, ...gaps);
  const labels = points.map(({ dose, auroc }) => `"${auroc.toFixed(2)} (${percent(dose)})"`);
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(5)).join(', ');
  return [
    '```mermaid',
    '---',
    'config:',
    '  xyChart: { width: 720, height: 300 }',
    '  themeVariables: { xyChart: { plotColorPalette: "#2f81f7, #d1434b" } }',
    '---',
    'xychart-beta',
    '  x-axis "AUROC of the score (share of it that is truthful)" [' + labels.join(', ') + ']',
    `  y-axis "Gap" ${low.toFixed(5)} --> ${high.toFixed(5)}`,
    `  line [${list(gaps)}]`,
    `  line [${list(gaps.map(() => threshold))}]`,
    '```',
    '',
    '<sub>Blue: the gap. Flat red line: the threshold.</sub>',
  ].join('\n');
}
