import type { GateReport } from '../../gate-report.ts';
import { gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, interval, metric, pValue } from '../../numbers.ts';
import {
  ALL_SCORES,
  ARM_WORDS,
  CHANGE_WORDS,
  EFFECT_WORDS,
  leftOutOf,
  measured,
  OBSTACLE_WORDS,
  remedyNote,
} from '../../remedies.ts';
import { gainsOf } from '../gate-plots.ts';
import { code, type Content, type Markup, markup, sentence } from '../markup.ts';
import type { Part } from '../part.ts';
import { type Cell, number, table } from '../table.ts';

/** What stands in the way, and what other scores give the frozen rule; null where older versions wrote the report. */
export function remedies(gate: GateReport): Part | null {
  const { obstacle } = gate;
  if (obstacle === undefined) return null;
  return {
    title: 'What stands in the way?',
    finding: sentence(`${OBSTACLE_WORDS[obstacle.what]}. ${obstacle.why}`),
    plot: gainsOf(gate),
    note: remedyNote(gate),
    numbers: [effects(gate), changes(gate), arms(gate)],
  };
}

/** A number with its interval below. */
function withInterval(
  { value, lower, upper }: { readonly value: number; readonly lower: number; readonly upper: number },
  bound?: number,
): Cell {
  return {
    by: value,
    show: markup`${gap(value, bound)}<small>${interval(lower, upper, bound)}</small>`,
  };
}

function effects({ scoreEffects, threshold, alpha }: GateReport): Markup | null {
  if (scoreEffects === undefined) return null;
  return table({
    label: 'What each score does',
    head: ['Shuffled alone', 'Its score', 'Gap', 'p, two-sided (Holm)'],
    textColumns: 2,
    rows: Object.entries(scoreEffects).map(([modality, { gap: of, adjustedP, finding }]) => [
      code(modality),
      EFFECT_WORDS[finding],
      withInterval(of, threshold),
      number(adjustedP, (it) => pValue(it, alpha)),
    ]),
  });
}

function changes({ remedies: found, metric: name, threshold }: GateReport): Markup | null {
  if (found === undefined || found.tried.length === 0) return null;
  return table({
    label: 'Gains of changed scores on this very set',
    head: ['Score', 'Changed', METRIC_WORDS[name], 'Gain'],
    textColumns: 2,
    rows: found.tried.map(({ modality, change, found: of, leftOut }): Cell[] => [
      modality === null ? ALL_SCORES : code(modality),
      CHANGE_WORDS[change],
      of === null ? { by: null, show: leftOut } : number(of.value, (it) => metric(it, threshold)),
      of === null ? { by: null, show: '' } : withInterval(of.gain),
    ]),
  });
}

function arms(gate: GateReport): Content {
  const found = measured(gate.arms);
  if (found.length === 0) return null;
  const { threshold, metric: name } = gate;
  const { clean, uniform } = gatingResult(gate);
  const show = (value: number): string => metric(value, threshold);
  const left = leftOutOf(gate.arms);
  return [
    table({
      label: 'The frozen rule with other scores',
      head: ['Scores that the rule is fed', METRIC_WORDS[name], 'Clean-Q is better by'],
      rows: [
        ['as given (Clean-Q)', number(clean, show), { by: null, show: '' }],
        ['one for all (uniform)', number(uniform, show), { by: null, show: '' }],
        ...found.map(({ name: arm, found: { value, gap: of } }): Cell[] => [
          ARM_WORDS[arm],
          number(value, show),
          withInterval(of, threshold),
        ]),
      ],
    }),
    left.length === 0 ? null : markup`<p class="note">Left out: ${left.join(', ')}.</p>`,
  ];
}
