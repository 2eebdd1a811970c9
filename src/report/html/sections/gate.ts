import type { GateReport } from '../../gate-report.ts';
import { gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, interval, metric, percent, pValue, quantity } from '../../numbers.ts';
import { code, type Content, type Markup, markup, sentence } from '../markup.ts';
import { drawPart, type Part } from '../part.ts';
import { base } from './base.ts';
import { calibration, riskAgainstCoverage } from './calibration.ts';
import { experts } from './experts.ts';
import { metrics } from './metrics.ts';
import { modalityGaps } from './modality-gaps.ts';
import { provenance } from './provenance.ts';
import { remedies } from './remedies.ts';
import { shuffles } from './shuffles.ts';
import { slices } from './slices.ts';
import { truthfulScores } from './truthful-scores.ts';
import { verdictPill } from './verdict-pill.ts';

/** What is shown of a gate, in this order; a part that the gate has nothing for is left out. */
const PARTS: readonly ((gate: GateReport, toolVersion: string) => Part | null)[] = [
  base,
  shuffles,
  modalityGaps,
  slices,
  truthfulScores,
  experts,
  remedies,
  riskAgainstCoverage,
  calibration,
  metrics,
  provenance,
];

/** Numbers of a gate that could not judge would only mislead. */
const PARTS_OF_INVALID: typeof PARTS = [base, provenance];

/** @param order of the gate in the report, counted from 1 */
export function gateSection(gate: GateReport, order: number, toolVersion: string): Markup {
  const invalid = gate.verdict === 'invalid';
  const parts = (invalid ? PARTS_OF_INVALID : PARTS).flatMap((part) => part(gate, toolVersion) ?? []);
  return markup`<section class="gate" id="gate-${order}"><div class="title"><h2>${code(gate.name)}</h2>${verdictPill(gate)}</div>${invalid ? null : keyNumbers(gate)}${meaning(gate)}<div class="parts">${parts.map(drawPart)}</div></section>`;
}

function keyNumbers(gate: GateReport): Markup {
  const { clean, broken } = gatingResult(gate);
  const { value, lower, upper, confidence } = gate.gap;
  const figures: readonly (readonly [name: string, value: Content, below: Content, look: string])[] = [
    [
      'Gap',
      gap(value, gate.threshold),
      `${interval(lower, upper, gate.threshold)}, ${percent(confidence)}`,
      'main',
    ],
    ['Threshold', String(gate.threshold), 'for the gap to reach', ''],
    ['p', pValue(gate.p.oneSided, gate.alpha), `alpha ${gate.alpha}`, ''],
    ['Clean-Q', metric(clean), METRIC_WORDS[gate.metric], ''],
    ['Broken-Q', metric(broken.mean), `mean of ${quantity(gate.broken.count)}`, ''],
  ];
  return markup`<dl class="figures">${figures.map(
    ([name, shown, below, look]) =>
      markup`<div class="${look}"><dt>${name}</dt><dd>${shown}<small>${below}</small></dd></div>`,
  )}</dl>`;
}

function meaning({ reason, advice, warnings }: GateReport): Markup {
  const notes = warnings.map((warning) => markup`<li>${sentence(warning)}</li>`);
  return markup`<div class="lead"><p><strong>What was found.</strong> ${sentence(reason)}</p><p><strong>What to do.</strong> ${sentence(advice)}</p>${notes.length === 0 ? null : markup`<ul>${notes}</ul>`}</div>`;
}
