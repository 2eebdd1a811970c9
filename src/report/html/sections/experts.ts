import type { Accuracies } from '../../../diagnostic/diagnosis.ts';
import type { GateReport } from '../../gate-report.ts';
import { METRIC_WORDS } from '../../metrics.ts';
import { gap, metric, percent, quantity } from '../../numbers.ts';
import { expertsOf } from '../gate-plots.ts';
import { code, type Content, type Markup, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { type Cell, number, table } from '../table.ts';

const NO_EXPERTS =
  'Not known: neither the model nor the evaluation set has predictions from one modality alone (experts).';

/** What each modality can do alone, and what an ideal choice among them would add. */
export function experts(gate: GateReport): Part {
  return {
    title: 'Was there anything to gain?',
    finding: finding(gate),
    plot: expertsOf(gate),
    note: 'Best expert of each: what always trusting an expert that is right would give. The bar of Broken-Q is one standard deviation over shuffles.',
    numbers: [accuracies(gate), room(gate)],
  };
}

function finding({ experts: alone, headroom, metric: name }: GateReport): Content {
  if (alone === null) return NO_EXPERTS;
  if (headroom === null) {
    return `No headroom by ${METRIC_WORDS[name]}: no expert is the best on a single example for it.`;
  }
  return `Trusting the right expert on every example would add ${metric(headroom.value)}; experts that are right by chance would seem to offer ${metric(headroom.chanceMatched)}.`;
}

function accuracies({ clean, broken, uniform, experts: alone }: GateReport): Markup {
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

function room({ headroom, competitiveness }: GateReport): Markup | null {
  const rows: Cell[][] = [
    ...(headroom === null
      ? []
      : [
          ['Oracle: the best expert per example', number(headroom.oracle, metric)],
          ['Oracle headroom over Clean-Q', number(headroom.value, gap)],
          ['The same where experts are right by chance', number(headroom.chanceMatched, gap)],
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
