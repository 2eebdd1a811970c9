import type { GateReport } from '../gate-report.ts';
import { code, plain } from '../escape.ts';
import { gatingResult, METRIC_WORDS } from '../metrics.ts';
import { gap, interval, metric, pValue, quantity } from '../numbers.ts';
import {
  ALL_SCORES,
  ARM_WORDS,
  CHANGE_WORDS,
  EFFECT_WORDS,
  leftOutOf,
  measured,
  OBSTACLE_WORDS,
  remedyNote,
} from '../remedies.ts';
import { table } from './table.ts';

/** Longest table of changes; the report file has all. */
const MOST_CHANGES = 9;

/** What stands in the way, and what other scores give the frozen rule; empty where older versions wrote the report. */
export function remedies(gate: GateReport): string {
  const { obstacle } = gate;
  if (obstacle === undefined) return '';
  return [
    `**${OBSTACLE_WORDS[obstacle.what]}.** ${plain(obstacle.why)}`,
    arms(gate),
    effects(gate),
    changes(gate),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function arms(gate: GateReport): string {
  const found = measured(gate.arms);
  if (found.length === 0) return '';
  const { threshold } = gate;
  const { clean, uniform } = gatingResult(gate);
  const rows = found.map(({ name, found: { value, gap: of } }) => [
    ARM_WORDS[name],
    metric(value, threshold),
    `${gap(of.value, threshold)} ${interval(of.lower, of.upper, threshold)}`,
  ]);
  const left = leftOutOf(gate.arms);
  return [
    table([
      ['Scores that the rule is fed', capital(METRIC_WORDS[gate.metric]), 'Clean-Q is better by'],
      ['as given (Clean-Q)', metric(clean, threshold), ''],
      ['one for all (uniform)', metric(uniform, threshold), ''],
      ...rows,
    ]),
    ...(left.length > 0 ? [`Left out: ${left.join(', ')}.`] : []),
  ].join('\n\n');
}

function effects({ scoreEffects, threshold, alpha }: GateReport): string {
  if (scoreEffects === undefined) return '';
  const rows = Object.entries(scoreEffects).map(([modality, { gap: of, adjustedP, finding }]) => [
    code(modality),
    EFFECT_WORDS[finding],
    `${gap(of.value, threshold)} ${interval(of.lower, of.upper, threshold)}`,
    pValue(adjustedP, alpha),
  ]);
  return table([['Shuffled alone', 'Its score', 'Gap', 'p, two-sided (Holm)'], ...rows], 2);
}

function changes(gate: GateReport): string {
  const found = measured(gate.remedies?.tried);
  if (found.length === 0) return '';
  const rows = found
    .slice(0, MOST_CHANGES)
    .map(({ modality, change, found: { value, gain } }) => [
      modality === null ? ALL_SCORES : code(modality),
      CHANGE_WORDS[change],
      metric(value, gate.threshold),
      `${gap(gain.value)} ${interval(gain.lower, gain.upper)}`,
    ]);
  const more = found.length - rows.length;
  return [
    table([['Score', 'Changed', capital(METRIC_WORDS[gate.metric]), 'Gain on this very set'], ...rows], 2),
    [remedyNote(gate), ...(more > 0 ? [`${quantity(more)} more are in the report file.`] : [])].join(' '),
  ].join('\n\n');
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
