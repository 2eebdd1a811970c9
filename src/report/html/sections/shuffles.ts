import type { GateReport } from '../../gate-report.ts';
import { gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, interval, metric, percent, pValue, quantity } from '../../numbers.ts';
import { nullDistributionOf } from '../gate-plots.ts';
import type { Content, Markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { number, table } from '../table.ts';

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
  const { p, flipRate, threshold, alpha, joint } = gate;
  const { clean, uniform, broken } = gatingResult(gate);
  const { value, lower, upper, confidence } = gate.gap;
  const words = METRIC_WORDS[gate.metric];
  return table({
    label: 'The permutation test in numbers',
    head: ['Measure', 'Value'],
    rows: [
      [`Clean-Q: ${words} with the scores as given`, number(clean, metric)],
      ['Broken-Q: mean over the shuffles', number(broken.mean, metric)],
      ['Broken-Q: standard deviation', number(broken.std, metric)],
      ['Uniform: the same score everywhere', number(uniform, metric)],
      ['Gap', number(value, (it) => gap(it, threshold))],
      [`Gap: ${percent(confidence)} interval`, interval(lower, upper, threshold)],
      ['p, one-sided: does shuffling hurt?', number(p.oneSided, (it) => pValue(it, alpha))],
      ['p of the other side: does shuffling help?', number(p.otherSide, (it) => pValue(it, alpha))],
      ['p, two-sided', number(p.twoSided, (it) => pValue(it, alpha))],
      ...(joint === null
        ? []
        : [
            ['Gap with whole rows of scores shuffled', number(joint.gap, (it) => gap(it, threshold))],
            ['p with whole rows of scores shuffled', number(joint.p, (it) => pValue(it, alpha))],
          ]),
      ['Flip rate, mean over shuffles', number(flipRate.mean, percent)],
      ['Flip rate, largest', number(flipRate.max, percent)],
    ],
    sortable: false,
  });
}
