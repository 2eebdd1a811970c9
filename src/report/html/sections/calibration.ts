import type { GateReport } from '../../gate-report.ts';
import { metric, quantity } from '../../numbers.ts';
import { calibrated } from '../../remedies.ts';
import { reliabilityOf, riskCoverageOf } from '../gate-plots.ts';
import { code, type Content, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { number, table } from '../table.ts';

/** Whether each score may be read as the probability that its expert is right; null where no score can be asked. */
export function calibration(gate: GateReport): Part | null {
  const scores = calibrated(gate);
  if (scores.length === 0) return null;
  return {
    title: 'Can a score be read as a probability?',
    finding: scores.map(([modality, { error }]) => [
      code(modality),
      error === null
        ? ' only ranks: it is not always between 0 and 1. '
        : ` is off by ${metric(error)} on average. `,
    ]),
    plot: markup`<div class="plots">${reliabilityOf(gate)}</div>`,
    note: 'Examples by the height of their score, about as many behind each dot, and the share of them on which the expert is right, with its binomial interval. A score that rises from left to right knows something; one on the dashed line is calibrated.',
    numbers: bins(gate),
    wide: scores.length > 1,
  };
}

function bins(gate: GateReport): Content {
  return calibrated(gate).map(([modality, found]) =>
    table({
      label: `Reliability diagram of ${modality}`,
      head: ['Score', 'Examples', 'Mean score', 'Expert is right', 'Interval'],
      rows: found.bins.map(({ lower, upper, count, meanScore, shareRight, interval }) => [
        markup`<span class="unseen">${modality}: </span>${metric(lower)} to ${metric(upper)}`,
        number(count, quantity),
        number(meanScore, metric),
        number(shareRight, metric),
        number(interval?.lower ?? null, () => `${metric(interval!.lower)} to ${metric(interval!.upper)}`),
      ]),
      sortable: false,
    }),
  );
}

/** Whether a score knows on which examples its expert is wrong; null where no score can be asked. */
export function riskAgainstCoverage(gate: GateReport): Part | null {
  const scores = calibrated(gate);
  if (scores.length === 0) return null;
  const [modality, { riskCoverage }] = scores.toSorted(([, a], [, b]) => shareOf(b) - shareOf(a))[0];
  return {
    title: 'Does a score know when its expert is wrong?',
    finding: markup`That of ${code(modality)} comes nearest to it: its risk-coverage area (AURC) is ${metric(riskCoverage.aurc)}, where the best order has ${metric(riskCoverage.optimalAurc)} and chance ${metric(riskCoverage.chanceAurc)}.`,
    plot: riskCoverageOf(gate),
    note: 'The share on which the expert alone is wrong, when only the examples that its score trusts most are predicted. A line that stays flat is a score that does not know; one that rises from the left knows.',
    numbers: table({
      label: 'Calibration and risk-coverage of each score',
      head: ['Score', 'Calibration error', 'AURC', 'Best order', 'Chance'],
      rows: scores.map(([name, { error, riskCoverage: areas }]) => [
        code(name),
        number(error, metric),
        ...(['aurc', 'optimalAurc', 'chanceAurc'] as const).map((key) => number(areas[key], metric)),
      ]),
    }),
  };
}

/** Of the way from chance to the best order. */
function shareOf({
  riskCoverage: { aurc, optimalAurc, chanceAurc },
}: ReturnType<typeof calibrated>[number][1]): number {
  return chanceAurc === optimalAurc ? -Infinity : (chanceAurc - aurc) / (chanceAurc - optimalAurc);
}
