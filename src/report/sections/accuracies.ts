import type { Accuracies } from '../../diagnostic/diagnosis.ts';
import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { furtherMetrics, gatingResult, METRIC_WORDS } from '../metrics.ts';
import { gap, interval, metric, percent, pValue, quantity } from '../numbers.ts';
import { table } from './table.ts';

const both = ({ accuracy, balancedAccuracy }: Accuracies): string[] => [
  metric(accuracy),
  metric(balancedAccuracy),
];

/** Both metrics of everything that predicts. */
export function accuracies(gate: GateReport): string {
  const { clean, broken, uniform, experts } = gate;
  const rows = [
    ['Scores', 'Accuracy', 'Balanced accuracy'],
    ['Clean-Q: as given', ...both(clean)],
    [
      `Broken-Q: mean of ${quantity(broken.count)} shuffles`,
      `${metric(broken.mean.accuracy)} ± ${metric(broken.std.accuracy)}`,
      `${metric(broken.mean.balancedAccuracy)} ± ${metric(broken.std.balancedAccuracy)}`,
    ],
    ['Uniform: the same score everywhere', ...both(uniform)],
    ...Object.entries(experts ?? {}).map(([name, expert]) => [`Expert ${code(name)} alone`, ...both(expert)]),
  ];
  const missing =
    'The experts alone: n/a, because neither the model nor the evaluation set has their predictions.';
  return ['**Accuracy**', table(rows), ...(experts === null ? [missing] : [])].join('\n\n');
}

/** What shuffling does to the metrics beside the one that gates; empty where there are none. */
export function metricTable(gate: GateReport): string {
  const further = furtherMetrics(gate);
  if (further.length === 0) return '';
  const rows = [gatingResult(gate), ...further].map(
    ({ name, better, clean, broken, uniform, gap: of, p }) => [
      METRIC_WORDS[name] + (better === 'lower' ? ' (lower is better)' : ''),
      metric(clean),
      `${metric(broken.mean)} ± ${metric(broken.std)}`,
      metric(uniform),
      `${gap(of.value)} ${interval(of.lower, of.upper)}`,
      pValue(p, gate.alpha),
    ],
  );
  const head = ['Metric', 'Clean-Q', 'Broken-Q', 'Uniform', 'Gap', 'p'];
  return [
    '**Metric by metric**',
    table([head, ...rows]),
    'A positive gap means that the scores help, whichever way the metric goes. The first metric gates; p is one-sided, and not corrected for the number of metrics.',
  ].join('\n\n');
}

/** The gap, its p-values and how many predictions a shuffle changes. */
export function permutationTest(gate: GateReport): string {
  const { p, flipRate, threshold, alpha } = gate;
  const { value, lower, upper, confidence } = gate.gap;
  return [
    '**Permutation test**',
    table([
      ['Measure', 'Value'],
      [
        `Gap, with its ${percent(confidence)} interval`,
        `${gap(value, threshold)} ${interval(lower, upper, threshold)}`,
      ],
      ['p, one-sided: does shuffling hurt?', pValue(p.oneSided, alpha)],
      ['p of the other side: does shuffling help?', pValue(p.otherSide, alpha)],
      ['p, two-sided', pValue(p.twoSided, alpha)],
      ...jointRow(gate),
      ['Flip rate, mean over shuffles', percent(flipRate.mean)],
      ['Flip rate, largest', percent(flipRate.max)],
    ]),
  ].join('\n\n');
}

/** A check on `independent` shuffles, which also break the scores of a row apart. */
function jointRow({ joint, threshold, alpha }: GateReport): string[][] {
  if (joint === null) return [];
  return [
    [
      'Gap and p with whole rows of scores shuffled',
      `${gap(joint.gap, threshold)}, ${pValue(joint.p, alpha)}`,
    ],
  ];
}
