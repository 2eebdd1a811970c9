import { exactGap, exactGapsByModality, exactJointGap, type KnownMean } from '../../exact.ts';
import type { GateReport } from '../../gate-report.ts';
import { gap, interval, metric, pValue } from '../../numbers.ts';
import { gapsOf } from '../gate-plots.ts';
import { code, type Content, type Markup, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { number, table } from '../table.ts';

/** What shuffling the scores of one modality alone does, and whether its score tells when its expert is right. */
export function modalityGaps(gate: GateReport): Part {
  return {
    title: 'Whose scores matter?',
    finding: finding(gate),
    plot: gapsOf(gate),
    note: 'Each dot is what shuffling costs: to the right of zero the scores help. The bar is the interval of the gap over examples; whole rows means shuffles that keep the scores of one example together.',
    numbers: numbers(gate),
  };
}

function finding({ perModality, threshold, gap: { value } }: GateReport): Content {
  const ranked = Object.entries(perModality).toSorted(([, a], [, b]) => b.gap - a.gap);
  if (ranked.length < 2) return `The gap is ${gap(value, threshold)}, and the threshold ${threshold}.`;
  const [[name, most]] = ranked;
  if (most.gap <= 0) return 'Shuffled alone, the scores of no modality make a gap above zero.';
  return markup`Shuffled alone, the scores of ${code(name)} make the largest gap: ${gap(most.gap, threshold)}.`;
}

function numbers(gate: GateReport): Markup {
  const { perModality, alignment, constantScores, threshold, alpha, joint } = gate;
  const { value, lower, upper } = gate.gap;
  const constant = new Set(constantScores);
  const gapOf = (of: number) => number(of, (it) => gap(it, threshold));
  const pOf = (of: number) => number(of, (it) => pValue(it, alpha));
  const blank = ['', '', ''];
  const byModality = exactGapsByModality(gate);
  const exactly = (known: KnownMean | null) =>
    byModality === null ? [] : [known === null ? 'n/a' : gapOf(known.gap)];
  return table({
    label: 'Gaps and alignment by modality',
    head: [
      ...['Shuffled', 'Gap', ...(byModality === null ? [] : ['Exact'])],
      ...['p', 'AUROC', 'Pearson', 'Spearman'],
    ],
    rows: [
      [
        'all scores',
        {
          by: value,
          show: markup`${gap(value, threshold)}<small>${interval(lower, upper, threshold)}</small>`,
        },
        ...exactly(exactGap(gate)),
        pOf(gate.p.oneSided),
        ...blank,
      ],
      ...(joint === null
        ? []
        : [['whole rows', gapOf(joint.gap), ...exactly(exactJointGap(gate)), pOf(joint.p), ...blank]]),
      ...Object.entries(perModality).map(([name, alone]) => [
        markup`${code(name)}${constant.has(name) ? ' (constant score)' : ''}`,
        gapOf(alone.gap),
        ...exactly(byModality?.[name] ?? null),
        pOf(alone.p),
        ...(['auroc', 'pearson', 'spearman'] as const).map((key) =>
          number(alignment?.[name]?.[key] ?? null, metric),
        ),
      ]),
    ],
  });
}
