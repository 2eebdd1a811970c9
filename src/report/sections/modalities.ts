import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { exactGapsByModality } from '../exact.ts';
import { METRIC_WORDS } from '../metrics.ts';
import { gap, metric, percent, pValue } from '../numbers.ts';
import { table } from './table.ts';

const NO_EXPERTS = 'because neither the model nor the evaluation set has predictions of the experts';

/** Per modality: what shuffling its scores alone does, and whether its score tells when its expert is right. */
export function modalities(gate: GateReport): string {
  const constant = new Set(gate.constantScores);
  const exact = exactGapsByModality(gate);
  const rows = Object.entries(gate.perModality).map(([name, alone]) => {
    const aligned = gate.alignment?.[name];
    return [
      code(name) + (constant.has(name) ? ' (constant score)' : ''),
      gap(alone.gap, gate.threshold),
      ...(exact === null ? [] : [exactly(exact[name], gate.threshold)]),
      pValue(alone.p, gate.alpha),
      ...(['auroc', 'pearson', 'spearman'] as const).map((key) => metric(aligned?.[key] ?? null)),
    ];
  });
  const head = [
    'Modality',
    'Gap, only its scores shuffled',
    ...(exact === null ? [] : ['Exact, over all shuffles']),
    ...['p', 'AUROC', 'Pearson', 'Spearman'],
  ];
  return ['**Modality by modality**', table([head, ...rows]), alignmentNote(gate)].join('\n\n');
}

function exactly(known: { readonly gap: number } | null, threshold: number): string {
  return known === null ? 'n/a' : gap(known.gap, threshold);
}

/** What the alignment of a score is with. */
const ALIGNED_WITH: Readonly<Record<GateReport['task'], string>> = {
  classification:
    'AUROC, Pearson, Spearman: how well a score tells whether the expert of its modality is right',
  regression:
    'AUROC: how well a score tells whether the expert of its modality is the nearest to the truth; Pearson, Spearman: how well it goes with the absolute error of that expert, negative',
  'multi-label':
    'AUROC: how well a score tells whether the expert of its modality has the fewest wrong labels; Pearson, Spearman: how well it goes with the share of wrong labels of that expert, negative',
};

function alignmentNote({ alignment, task }: GateReport): string {
  const meaning = ALIGNED_WITH[task];
  if (alignment === null) return `${meaning}; n/a ${NO_EXPERTS}.`;
  const values = Object.values(alignment).flatMap(({ auroc, pearson, spearman }) => [
    auroc,
    pearson,
    spearman,
  ]);
  const because = 'n/a where the score or the outcome never changes, or the score is a vector';
  return values.includes(null) ? `${meaning}; ${because}.` : `${meaning} (0.5, 0 and 0 tell nothing).`;
}

export const BY_CHANCE: Readonly<Record<GateReport['task'], string>> = {
  classification: 'right',
  regression: 'near to the truth',
  'multi-label': 'near to the truth',
};

/** No expert is the best on one example for a metric that looks at many together. */
function oracleRows({ headroom, metric: name, task, threshold }: GateReport): string[][] {
  const words = METRIC_WORDS[name];
  if (headroom === null) {
    return [['Oracle headroom', `n/a by ${words}, for which no expert is the best on a single example`]];
  }
  return [
    ['Oracle: the best expert per example', metric(headroom.oracle, threshold)],
    ['Oracle headroom over Clean-Q', gap(headroom.value, threshold)],
    [`The same where experts are ${BY_CHANCE[task]} by chance`, gap(headroom.chanceMatched, threshold)],
    [
      'Of what a perfect choice would add to shuffled scores, these realise',
      headroom.realised === null ? 'n/a' : percent(headroom.realised),
    ],
  ];
}

/** Whether there was anything to gain: headroom and competitiveness. */
export function roomToImprove(gate: GateReport): string {
  const { alignment, competitiveness, modalities: names } = gate;
  const title = '**Room to improve**';
  if (alignment === null) return `${title}\n\nOracle headroom and competitiveness: n/a ${NO_EXPERTS}.`;
  const measured = [['Measure', 'Value'], ...oracleRows(gate)];
  if (competitiveness === null) {
    const together = gate.evaluationSet.presence?.patterns.some(({ present }) => present.length > 1) ?? true;
    const ofPosteriors = together
      ? 'class probabilities of the experts'
      : 'examples on which two modalities are present';
    const why = names.length < 2 ? 'two modalities' : ofPosteriors;
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
