import type { Accuracies, MetricResult } from '../../diagnostic/diagnosis.ts';
import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { exactGap, exactJointGap, exactWords, type KnownMean } from '../exact.ts';
import { furtherMetrics, gatingResult, METRIC_WORDS } from '../metrics.ts';
import { gap, interval, metric, percent, pValue, quantity } from '../numbers.ts';
import { table } from './table.ts';

const both = ({ accuracy, balancedAccuracy }: Accuracies): string[] => [
  metric(accuracy),
  metric(balancedAccuracy),
];

/** Both accuracies of everything that predicts classes; else the gating metric. */
export function accuracies(gate: GateReport): string {
  const { clean, broken, uniform, experts } = gate;
  if (clean === null || broken.mean === null || broken.std === null || uniform === null) return levels(gate);
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
  return ['**Accuracy**', table(rows), ...(experts === null ? [NO_EXPERTS] : [])].join('\n\n');
}

const NO_EXPERTS =
  'The experts alone: n/a, because neither the model nor the evaluation set has their predictions.';

/** The gating metric of everything that predicts. */
function levels(gate: GateReport): string {
  const { broken, expertMetric, threshold } = gate;
  const result = gatingResult(gate);
  const words = metricWords(result);
  const rows = [
    ['Scores', `${words[0].toUpperCase()}${words.slice(1)}`],
    ['Clean-Q: as given', metric(result.clean, threshold)],
    [
      `Broken-Q: mean of ${quantity(broken.count)} shuffles`,
      `${metric(result.broken.mean, threshold)} ± ${metric(result.broken.std, threshold)}`,
    ],
    ['Uniform: the same score everywhere', metric(result.uniform, threshold)],
    ...Object.entries(expertMetric ?? {}).map(([name, value]) => [
      `Expert ${code(name)} alone`,
      metric(value, threshold),
    ]),
  ];
  return ['**Predictions**', table(rows), ...(expertMetric === null ? [NO_EXPERTS] : [])].join('\n\n');
}

/** `MAE (lower is better)` */
function metricWords({ name, better }: MetricResult): string {
  return METRIC_WORDS[name] + (better === 'lower' ? ' (lower is better)' : '');
}

/** How the interval of a gap was made, in words. */
export const METHODS = { bca: 'BCa bootstrap', percentile: 'percentile bootstrap' } as const;

/** `[0.0010, 0.0052]`, kept on one line: the Monte-Carlo error of a p-value. */
export function range({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  return `[${metric(lower)},\u00a0${metric(upper)}]`;
}

/** What shuffling does to the metrics beside the one that gates; empty where there are none. */
export function metricTable(gate: GateReport): string {
  const further = furtherMetrics(gate);
  if (further.length === 0) return '';
  const rows = [gatingResult(gate), ...further].map((result) => {
    const { clean, broken, uniform, gap: of, p } = result;
    return [
      metricWords(result),
      metric(clean),
      `${metric(broken.mean)} ± ${metric(broken.std)}`,
      metric(uniform),
      `${gap(of.value)} ${interval(of.lower, of.upper)}`,
      pValue(p, gate.alpha),
    ];
  });
  const head = ['Metric', 'Clean-Q', 'Broken-Q', 'Uniform', 'Gap', 'p'];
  return [
    '**Metric by metric**',
    table([head, ...rows]),
    'A positive gap means that the scores help, whichever way the metric goes. The first metric gates; p is one-sided, and not corrected for the number of metrics.',
  ].join('\n\n');
}

/** The gap, how sure it is, its p-values and how many predictions a shuffle changes. */
export function permutationTest(gate: GateReport): string {
  const { p, pIntervals, flipRate, threshold, alpha, equivalence, power } = gate;
  const { value, lower, upper, confidence, method } = gate.gap;
  const withError = (side: 'oneSided' | 'otherSide' | 'twoSided'): string =>
    `${pValue(p[side], alpha)} ${range(pIntervals[side])}`;
  return [
    '**Permutation test**',
    table([
      ['Measure', 'Value'],
      [
        `Gap, with its ${percent(confidence)} interval (${METHODS[method]}${power.clusters === undefined ? '' : ` over ${quantity(power.clusters)} blocks`})`,
        `${gap(value, threshold)} ${interval(lower, upper, threshold)}`,
      ],
      ...exactRow('Gap to the exact mean over all shuffles', exactGap(gate), threshold),
      [
        `Too small to matter? Its ${percent(equivalence.confidence)} interval, to lie within ±${threshold}`,
        `${interval(equivalence.lower, equivalence.upper, threshold)}, ${equivalence.shown ? 'shown' : 'not shown'}`,
      ],
      [
        'Smallest true gap that passes 4 times out of 5, with so many examples',
        gap(power.detectableGap, threshold),
      ],
      [
        'Examples to settle a gap of the size found, 4 times out of 5',
        power.examplesNeeded === null
          ? `over 100 times the ${quantity(power.examples)}`
          : quantity(power.examplesNeeded) + (power.clusters === undefined ? '' : ', in more blocks'),
      ],
      ['p, one-sided: does shuffling hurt?', withError('oneSided')],
      ['p of the other side: does shuffling help?', withError('otherSide')],
      ['p, two-sided', withError('twoSided')],
      ...jointRow(gate),
      ['Flip rate, mean over shuffles', percent(flipRate.mean)],
      ['Flip rate, largest', percent(flipRate.max)],
      ...movementRows(gate),
    ]),
  ].join('\n\n');
}

/** How far values move, or how many labels change. */
function movementRows({ movement, threshold, task }: GateReport): string[][] {
  if (movement === null) return [];
  if (task === 'multi-label') {
    return [
      ['Share of all labels that a shuffle changes, mean over shuffles', percent(movement.mean)],
      ['The same, largest', percent(movement.max)],
    ];
  }
  return [
    ['How far a shuffle moves a value, mean over shuffles', metric(movement.mean, threshold)],
    ['The same, largest', metric(movement.max, threshold)],
  ];
}

/** A check on `independent` shuffles, which also break the scores of a row apart. */
function jointRow(gate: GateReport): string[][] {
  const { joint, threshold, alpha } = gate;
  if (joint === null) return [];
  return [
    [
      'Gap and p with whole rows of scores shuffled',
      `${gap(joint.gap, threshold)}, ${pValue(joint.p, alpha)}`,
    ],
    ...exactRow('That gap to the exact mean over all such shuffles', exactJointGap(gate), threshold),
  ];
}

/** None where it is not known. */
function exactRow(title: string, exact: KnownMean | null, threshold: number): string[][] {
  return exact === null ? [] : [[title, exactWords(exact, threshold)]];
}
