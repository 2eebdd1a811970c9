import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { METRIC_WORDS } from '../metrics.ts';
import { gap, metric, percent, pValue } from '../numbers.ts';
import { table } from './table.ts';

const NO_EXPERTS = 'because neither the model nor the evaluation set has predictions of the experts';

/** Per modality: what shuffling its scores alone does, and whether its score tells when its expert is right. */
export function modalities(gate: GateReport): string {
  const constant = new Set(gate.constantScores);
  const rows = Object.entries(gate.perModality).map(([name, alone]) => {
    const aligned = gate.alignment?.[name];
    return [
      code(name) + (constant.has(name) ? ' (constant score)' : ''),
      gap(alone.gap, gate.threshold),
      pValue(alone.p, gate.alpha),
      ...(['auroc', 'pearson', 'spearman'] as const).map((key) => metric(aligned?.[key] ?? null)),
    ];
  });
  return [
    '**Modality by modality**',
    table([['Modality', 'Gap, only its scores shuffled', 'p', 'AUROC', 'Pearson', 'Spearman'], ...rows]),
    alignmentNote(gate),
  ].join('\n\n');
}

function alignmentNote({ alignment }: GateReport): string {
  const meaning =
    'AUROC, Pearson, Spearman: how well a score tells whether the expert of its modality is right';
  if (alignment === null) return `${meaning}; n/a ${NO_EXPERTS}.`;
  const values = Object.values(alignment).flatMap(({ auroc, pearson, spearman }) => [
    auroc,
    pearson,
    spearman,
  ]);
  const because = 'n/a where the score or the outcome never changes, or the score is a vector';
  return values.includes(null) ? `${meaning}; ${because}.` : `${meaning} (0.5, 0 and 0 tell nothing).`;
}

/** No expert is the best on one example for a metric that looks at many together. */
function oracleRows(headroom: GateReport['headroom'], words: string): string[][] {
  if (headroom === null) {
    return [['Oracle headroom', `n/a by ${words}, for which no expert is the best on a single example`]];
  }
  return [
    ['Oracle: the best expert per example', metric(headroom.oracle)],
    ['Oracle headroom over Clean-Q', gap(headroom.value)],
    ['The same where experts are right by chance', gap(headroom.chanceMatched)],
    [
      'Of what a perfect choice would add to shuffled scores, these realise',
      headroom.realised === null ? 'n/a' : percent(headroom.realised),
    ],
  ];
}

/** Whether there was anything to gain: headroom and competitiveness. */
export function roomToImprove(gate: GateReport): string {
  const { headroom, experts, competitiveness, modalities: names } = gate;
  const title = '**Room to improve**';
  if (experts === null) return `${title}\n\nOracle headroom and competitiveness: n/a ${NO_EXPERTS}.`;
  const measured = [['Measure', 'Value'], ...oracleRows(headroom, METRIC_WORDS[gate.metric])];
  if (competitiveness === null) {
    const why = names.length < 2 ? 'two modalities' : 'class probabilities of the experts';
    return [title, table(measured), `Competitiveness: n/a because it needs ${why}.`].join('\n\n');
  }
  const { median, massBelow, disagreement } = competitiveness;
  const competition = [
    ['Competitiveness: median lead of the best expert', metric(median)],
    ['Examples on which that lead is below 0.05', percent(massBelow)],
    ['Examples on which the experts disagree', percent(disagreement)],
  ];
  return [title, table([...measured, ...competition])].join('\n\n');
}
