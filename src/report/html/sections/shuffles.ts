import { exactGap, exactJointGap, exactWords, type KnownMean } from '../../exact.ts';
import type { GateReport } from '../../gate-report.ts';
import { gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, interval, metric, percent, pValue, quantity } from '../../numbers.ts';
import { METHODS, range } from '../../sections/accuracies.ts';
import { nullDistributionOf } from '../gate-plots.ts';
import type { Content, Markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { type Cell, number, table } from '../table.ts';

/** The permutation test: Clean-Q among the shuffles. */
export function shuffles(gate: GateReport): Part {
  return {
    title: 'Do shuffled scores do as well?',
    finding: finding(gate),
    plot: nullDistributionOf(gate),
    note: `Grey: the metric under each shuffle of the scores. Blue: with the scores as given, which have to reach the dashed red line, the mean of the shuffles ${gatingResult(gate).better === 'higher' ? 'plus' : 'minus'} the threshold.`,
    numbers: numbers(gate),
  };
}

/** Shuffles at or above Clean-Q, as the p-value counts them. */
function finding({ p, broken, alpha }: GateReport): Content {
  const asGood = Math.round(p.oneSided * (broken.count + 1)) - 1;
  const share = asGood === 0 ? 'None' : quantity(asGood);
  return `${share} of ${quantity(broken.count)} shuffles ${asGood === 1 ? 'does' : 'do'} at least as well as the scores as given (p\u00a0=\u00a0${pValue(p.oneSided, alpha)}).`;
}

function numbers(gate: GateReport): Markup {
  return table({
    label: 'The permutation test in numbers',
    head: ['Measure', 'Value'],
    rows: [...levels(gate), ...gapRows(gate), ...chanceRows(gate)],
    sortable: false,
  });
}

function levels(gate: GateReport): Cell[][] {
  const { clean, uniform, broken } = gatingResult(gate);
  return [
    [`Clean-Q: ${METRIC_WORDS[gate.metric]} with the scores as given`, number(clean, metric)],
    ['Broken-Q: mean over the shuffles', number(broken.mean, metric)],
    ['Broken-Q: standard deviation', number(broken.std, metric)],
    ['Uniform: the same score everywhere', number(uniform, metric)],
  ];
}

/** The gap, and how sure it is. */
function gapRows(gate: GateReport): Cell[][] {
  const { gap: of, threshold, equivalence, power } = gate;
  const show = (value: number): string => gap(value, threshold);
  const needed =
    power.examplesNeeded === null
      ? `over 100 times the ${quantity(power.examples)}`
      : quantity(power.examplesNeeded);
  return [
    ['Gap', number(of.value, show)],
    ...exactRow('Gap to the exact mean over all shuffles', exactGap(gate), threshold),
    [
      `Gap: ${percent(of.confidence)} interval (${METHODS[of.method]})`,
      interval(of.lower, of.upper, threshold),
    ],
    [
      `Gap: ${percent(equivalence.confidence)} interval, to lie within ±${threshold}`,
      interval(equivalence.lower, equivalence.upper, threshold),
    ],
    ['Too small to matter', equivalence.shown ? 'shown' : 'not shown'],
    [
      'Smallest true gap that passes 4 times out of 5, with so many examples',
      number(power.detectableGap, show),
    ],
    ['Examples to settle a gap of the size found, 4 times out of 5', needed],
  ];
}

function chanceRows(gate: GateReport): Cell[][] {
  const { p, pIntervals, joint, flipRate, threshold, alpha } = gate;
  const withError = (side: 'oneSided' | 'otherSide' | 'twoSided'): string =>
    `${pValue(p[side], alpha)} ${range(pIntervals[side])}`;
  return [
    ['p, one-sided: does shuffling hurt?', withError('oneSided')],
    ['p of the other side: does shuffling help?', withError('otherSide')],
    ['p, two-sided', withError('twoSided')],
    ...(joint === null
      ? []
      : [
          ['Gap with whole rows of scores shuffled', number(joint.gap, (it) => gap(it, threshold))],
          ...exactRow('That gap to the exact mean over all such shuffles', exactJointGap(gate), threshold),
          ['p with whole rows of scores shuffled', number(joint.p, (it) => pValue(it, alpha))],
        ]),
    ['Flip rate, mean over shuffles', number(flipRate.mean, percent)],
    ['Flip rate, largest', number(flipRate.max, percent)],
    ...movementRows(gate),
  ];
}

/** None where it is not known. */
function exactRow(title: string, exact: KnownMean | null, threshold: number): Cell[][] {
  return exact === null ? [] : [[title, { by: exact.gap, show: exactWords(exact, threshold) }]];
}

/** How far values move, or how many labels change. */
function movementRows({ movement, threshold, task }: GateReport): Cell[][] {
  if (movement === null) return [];
  if (task === 'multi-label') {
    return [
      ['Share of all labels that a shuffle changes, mean over shuffles', number(movement.mean, percent)],
      ['The same, largest', number(movement.max, percent)],
    ];
  }
  const show = (distance: number): string => metric(distance, threshold);
  return [
    ['How far a shuffle moves a value, mean over shuffles', number(movement.mean, show)],
    ['The same, largest', number(movement.max, show)],
  ];
}
