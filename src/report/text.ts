import type { Conclusion, ControlResult } from '../diagnostic/diagnosis.ts';
import { ownAurocs } from '../diagnostic/own-auroc.ts';
import { baseSentence } from './base-words.ts';
import { terminal } from './escape.ts';
import { exactGap, exactWords } from './exact.ts';
import type { GateReport, RunReport } from './gate-report.ts';
import { furtherMetrics, gatingResult, METRIC_WORDS } from './metrics.ts';
import { gap, interval, metric, pValue, quantity } from './numbers.ts';
import { shownPresence } from './presence.ts';
import { answer } from './sections/headline.ts';
import { ALL_SCORES, CHANGE_WORDS, measured } from './remedies.ts';
import { measuredSlices, sliceName } from './slices.ts';

const WIDTH = 100;
const INDENT = '  ';

/** The word that opens a gate's lines, and its colour: an ANSI code. */
const MARKS: Readonly<Record<Conclusion, { readonly word: string; readonly colour: number }>> = {
  success: { word: 'PASS', colour: 32 },
  failure: { word: 'FAIL', colour: 31 },
  inconclusive: { word: 'OPEN', colour: 33 },
  error: { word: 'ERROR', colour: 31 },
};

type Paint = (text: string, ansi: number) => string;

const inColour: Paint = (text, ansi) => `\u001b[${ansi}m${text}\u001b[0m`;
const asIs: Paint = (text) => text;

/** The report for a terminal: per gate its verdict, the numbers behind it, the reason and the advice. */
export function renderText(report: RunReport, { colour }: { readonly colour: boolean }): string {
  const paint = colour ? inColour : asIs;
  const { word, colour: ansi } = MARKS[report.conclusion];
  return [
    ...report.gates.map((gate) => gateText(gate, paint)),
    `${paint(word, ansi)} fusion-gate: ${answer(report)}\n`,
  ].join('\n');
}

function gateText(gate: GateReport, paint: Paint): string {
  const { word, colour } = MARKS[gate.conclusion];
  return [
    `${paint(word, colour)} ${terminal(gate.name)}: ${gate.verdict}`,
    ...columns(gate.verdict === 'invalid' ? [] : numbers(gate)),
    ...wrap(terminal(gate.reason)),
    ...wrap(`-> ${terminal(gate.advice)}`),
    ...(gate.base === undefined ? [] : wrap(`Base: ${terminal(baseSentence(gate.base))}`)),
    ...gate.warnings.flatMap((warning) => wrap(`Note: ${terminal(warning)}`)),
    ...gate.leakage.flatMap(({ sentence }) => wrap(`Possible leak: ${terminal(sentence)}`)),
    '',
  ].join('\n');
}

function numbers(gate: GateReport): (readonly [string, string])[] {
  const { broken, controls, threshold, alpha } = gate;
  const result = gatingResult(gate);
  const { value, lower, upper } = gate.gap;
  const results = Object.entries(controls).flatMap(([name, control]: [string, ControlResult | null]) =>
    control === null
      ? []
      : [`${name} ${gap(control.gap, threshold)} ${control.passed ? 'passed' : 'not passed'}`],
  );
  return [
    [
      METRIC_WORDS[gate.metric],
      `${metric(result.clean, threshold)} as given, ${metric(result.broken.mean, threshold)} over ${quantity(broken.count)} shuffles`,
    ],
    ['gap', `${gap(value, threshold)} ${interval(lower, upper, threshold)}, threshold ${threshold}`],
    ...present(gate),
    ...exactLine(gate),
    ...stays(gate),
    ['p', `${pValue(gate.p.oneSided, alpha)}, alpha ${alpha}`],
    ...foldLine(gate),
    ...sliceLine(gate),
    ...furtherMetrics(gate).map(({ name, clean, broken: { mean }, gap: of, p }): [string, string] => [
      METRIC_WORDS[name],
      `${metric(clean)} as given, ${metric(mean)} shuffled, gap ${gap(of.value)} ${interval(of.lower, of.upper)}, p ${pValue(p, alpha)}`,
    ]),
    ['controls', results.length > 0 ? results.join(', ') : 'none could be run'],
    ...ownScores(gate),
    ...whatToChange(gate),
  ];
}

/** The gap without the luck of the draw. */
function exactLine(gate: GateReport): [string, string][] {
  const exact = exactGap(gate);
  return exact === null ? [] : [['exact gap', exactWords(exact, gate.threshold)]];
}

/** How folds differ. */
function foldLine({ folds, acrossFolds, alpha }: GateReport): [string, string][] {
  if (folds === null || acrossFolds === null) return [];
  const { gap: of, p } = acrossFolds;
  return [
    [
      'folds',
      `${quantity(folds.length)}, gap ${gap(of.mean)} ± ${metric(of.std)}, median p ${pValue(p, alpha)}`,
    ],
  ];
}

/** The slice with the smallest gap. */
function sliceLine(gate: GateReport): [string, string][] {
  const measured = measuredSlices(gate);
  if (measured.length === 0) return [];
  const [{ found, ...worst }] = measured;
  const { value, lower, upper } = found.gap;
  return [
    [
      'slices',
      `of ${quantity(measured.length)} the smallest gap where ${terminal(sliceName(worst))}: ${gap(value, gate.threshold)} ${interval(lower, upper, gate.threshold)}, p ${pValue(found.adjustedP, gate.alpha)} (Holm)`,
    ],
  ];
}

/** On how many rows each modality is present, where not on all. */
function present({ evaluationSet: { presence } }: GateReport): [string, string][] {
  if (presence === undefined) return [];
  const { modalities, patterns } = shownPresence(presence, terminal);
  return [['present', `${modalities} (${patterns})`]];
}

/** What shuffles stay within. */
function stays({ exchange }: GateReport): (readonly [string, string])[] {
  if (exchange === undefined) return [];
  const { within, moved, units, groups } = exchange;
  return [
    [
      'shuffled',
      moved === 'rows'
        ? `within each ${terminal(within.join(' and '))} (${quantity(groups)} groups)`
        : `as ${quantity(units)} whole blocks, among those with as many rows`,
    ],
  ];
}

/** What stands in the way, and the change of a score with the largest gain on these examples. */
function whatToChange({ obstacle, remedies }: GateReport): [string, string][] {
  const lines: [string, string][] = obstacle ? [['obstacle', obstacle.what]] : [];
  const best = measured(remedies?.tried).at(0);
  if (best === undefined || best.found.gain.value <= 0) return lines;
  const { value, lower, upper } = best.found.gain;
  const whose = best.modality === null ? ALL_SCORES : `the score of ${terminal(best.modality)}`;
  const line = `${gap(value)} ${interval(lower, upper)} on this very set with ${whose} ${CHANGE_WORDS[best.change]}`;
  return [...lines, ['gain', line]];
}

/** What the scores have of the AUROC that the rule needs. */
function ownScores(gate: GateReport): [string, string][] {
  return ownAurocs(gate).map(({ modality, own, needed }) => [
    'AUROC',
    `${terminal(modality)}: you have ${metric(own)}, this rule starts to benefit at ${metric(needed)}`,
  ]);
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${INDENT}${label.padEnd(width)}  ${value}`);
}

/** Lines of at most WIDTH characters, indented, broken at spaces; a longer word gets a line of its own. */
export function wrap(text: string, indent = INDENT): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const extended = `${lines.at(-1)!}${lines.at(-1) === '' ? '' : ' '}${word}`;
    if (extended.length + indent.length > WIDTH && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = extended;
  }
  return lines.map((line) => indent + line);
}
