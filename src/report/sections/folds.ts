import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { METRIC_WORDS } from '../metrics.ts';
import { gap, metric, pValue, quantity } from '../numbers.ts';
import { table } from './table.ts';

/** Longest table; the report file has all folds. */
const MOST_FOLDS = 30;

const HEAD = ['Fold', 'Examples', 'Uniform', 'Clean-Q', 'Broken-Q', 'Gap', 'p', 'Oracle', 'Lead', 'Pearson'];

/** Each fold as if it were alone, and how they differ; empty where all examples are one fold. */
export function folds(gate: GateReport): string {
  const { folds: each, acrossFolds } = gate;
  if (each === null || acrossFolds === null) return '';
  const rows = each
    .slice(0, MOST_FOLDS)
    .map((fold) => [
      code(fold.name),
      quantity(fold.examples),
      metric(fold.uniform),
      metric(fold.clean),
      metric(fold.broken.mean),
      gap(fold.gap, gate.threshold),
      pValue(fold.p, gate.alpha),
      metric(fold.headroom?.oracle ?? null),
      metric(fold.competitiveness?.median ?? null),
      metric(meanPearson(fold.alignment)),
    ]);
  const left = each.length - rows.length;
  const { mean, std } = acrossFolds.gap;
  const repeats =
    acrossFolds.repeats > 1
      ? ` Examples come again in ${acrossFolds.repeats} repeats: the p of the gate is twice the median of theirs.`
      : ' The p of the gate is that of the mean gap: shuffle k of all folds together is one draw.';
  return [
    '**Fold by fold**',
    table([HEAD, ...rows]),
    ...(left > 0
      ? [`${quantity(left)} more ${left === 1 ? 'fold is' : 'folds are'} in the report file.`]
      : []),
    `In ${METRIC_WORDS[gate.metric]}. Gap over folds: ${gap(mean)} ± ${metric(std)}; median p ${pValue(acrossFolds.p, gate.alpha)}.${repeats} Lead: median lead of the best expert. Pearson: of score and ${ALIGNED_WITH[gate.task]}, mean over modalities.`,
  ].join('\n\n');
}

const ALIGNED_WITH: Readonly<Record<GateReport['task'], string>> = {
  classification: 'expert being right',
  regression: 'nearness of the expert (its absolute error, negative)',
  'multi-label': 'nearness of the expert (its share of wrong labels, negative)',
};

function meanPearson(alignment: GateReport['alignment']): number | null {
  const found = Object.values(alignment ?? {}).flatMap(({ pearson }) => pearson ?? []);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
}
