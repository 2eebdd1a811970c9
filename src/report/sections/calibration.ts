import type { GateReport } from '../gate-report.ts';
import { code } from '../escape.ts';
import { metric } from '../numbers.ts';
import { calibrated } from '../remedies.ts';
import { table } from './table.ts';

const LEGEND =
  'Calibration error: mean distance between a score, read as the probability that its expert is right, and how often that is so; n/a where scores are not all between 0 and 1. AURC: mean share wrong when only the examples that the score trusts most are predicted, over all such shares; lower is better, between the best order and chance.';

/** How far each score can be believed about its own expert; empty where no score can be asked. */
export function calibration(gate: GateReport): string {
  const rows = calibrated(gate).map(([modality, { error, riskCoverage }]) => [
    code(modality),
    metric(error),
    ...(['aurc', 'optimalAurc', 'chanceAurc'] as const).map((key) => metric(riskCoverage[key])),
  ]);
  if (rows.length === 0) return '';
  const head = ['Modality', 'Calibration error', 'AURC', 'Best order', 'Chance'];
  return ['**Does each score know when its expert is wrong?**', table([head, ...rows]), LEGEND].join('\n\n');
}
