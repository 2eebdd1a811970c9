import type { Accuracies } from '../../../diagnostic/diagnosis.ts';
import type { GateReport } from '../../gate-report.ts';
import { gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, metric, percent, quantity } from '../../numbers.ts';
import { BY_CHANCE } from '../../sections/modalities.ts';
import { expertsOf } from '../gate-plots.ts';
import { code, type Content, type Markup, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { type Cell, number, table } from '../table.ts';

const NO_EXPERTS =
  'Not known: neither the model nor the evaluation set has predictions from one modality alone (experts).';

const BEST: Readonly<Record<GateReport['task'], string>> = {
  classification: 'an expert that is right',
  regression: 'the expert nearest to the truth',
  'multi-label': 'the expert with the fewest wrong labels',
};

/** What each modality can do alone, and what an ideal choice among them would add. */
export function experts(gate: GateReport): Part {
  return {
    title: 'Was there anything to gain?',
    finding: finding(gate),
    plot: expertsOf(gate),
    note: `Best expert of each: what always trusting ${BEST[gate.task]} would give. The bar of Broken-Q is one standard deviation over shuffles.`,
    numbers: [accuracies(gate), room(gate)],
  };
}

function finding({ alignment, headroom, metric: name, task, threshold }: GateReport): Content {
  if (alignment === null) return NO_EXPERTS;
  if (headroom === null) {
    return `No headroom by ${METRIC_WORDS[name]}: no expert is the best on a single example for it.`;
  }
  const [best, near] = task === 'classification' ? ['right expert', 'right'] : ['nearest expert', 'near'];
  return `Trusting the ${best} on every example would add ${metric(headroom.value, threshold)}; experts that are ${near} by chance would seem to offer ${metric(headroom.chanceMatched, threshold)}.`;
}

function accuracies(gate: GateReport): Markup {
  const { clean, broken, uniform, experts: alone } = gate;
  if (clean === null || uniform === null || broken.mean === null) return levels(gate);
  const both = ({ accuracy, balancedAccuracy }: Accuracies): Cell[] => [
    number(accuracy, metric),
    number(balancedAccuracy, metric),
  ];
  return table({
    label: 'Accuracy of everything that predicts',
    head: ['Predictor', 'Accuracy', 'Balanced accuracy'],
    rows: [
      ['Clean-Q', ...both(clean)],
      [`Broken-Q, mean of ${quantity(broken.count)}`, ...both(broken.mean)],
      ['Uniform', ...both(uniform)],
      ...Object.entries(alone ?? {}).map(([name, expert]) => [markup`${code(name)} alone`, ...both(expert)]),
    ],
  });
}

/** The gating metric of everything that predicts, where there are no accuracies. */
function levels(gate: GateReport): Markup {
  const { clean, broken, uniform } = gatingResult(gate);
  const show = (value: number): string => metric(value, gate.threshold);
  return table({
    label: `${METRIC_WORDS[gate.metric]} of everything that predicts`,
    head: ['Predictor', METRIC_WORDS[gate.metric]],
    rows: [
      ['Clean-Q', number(clean, show)],
      [`Broken-Q, mean of ${quantity(gate.broken.count)}`, number(broken.mean, show)],
      ['Uniform', number(uniform, show)],
      ...Object.entries(gate.expertMetric ?? {}).map(([name, value]) => [
        markup`${code(name)} alone`,
        number(value, show),
      ]),
    ],
  });
}

function room({ headroom, competitiveness, task }: GateReport): Markup | null {
  const rows: Cell[][] = [
    ...(headroom === null
      ? []
      : [
          ['Oracle: the best expert per example', number(headroom.oracle, metric)],
          ['Oracle headroom over Clean-Q', number(headroom.value, gap)],
          [`The same where experts are ${BY_CHANCE[task]} by chance`, number(headroom.chanceMatched, gap)],
          [
            'Of what a perfect choice would add to shuffled scores, these realise',
            number(headroom.realised, percent),
          ],
        ]),
    ...(competitiveness === null
      ? []
      : [
          ['Competitiveness: median lead of the best expert', number(competitiveness.median, metric)],
          ['Examples on which that lead is below 0.05', number(competitiveness.massBelow, percent)],
          ['Examples on which the experts disagree', number(competitiveness.disagreement, percent)],
        ]),
  ];
  return rows.length === 0
    ? null
    : table({ label: 'Room to improve', head: ['Measure', 'Value'], rows, sortable: false });
}
