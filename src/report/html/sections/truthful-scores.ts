import type { ControlResult } from '../../../diagnostic/diagnosis.ts';
import type { GateReport } from '../../gate-report.ts';
import { gap, metric, percent, pValue } from '../../numbers.ts';
import { neededAuroc, whyNotRun } from '../../sections/controls.ts';
import { controlsOf, doseResponseOf, ownAurocs } from '../gate-plots.ts';
import { code, type Content, type Markup, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { number, table } from '../table.ts';

/** The positive controls: how good a score the rule would need. */
export function truthfulScores(gate: GateReport): Part {
  const controls = controlsOf(gate);
  return {
    title: 'How good a score would this rule need?',
    finding: controls.length === 0 ? whyNotRun(gate).join(' ') : finding(gate, controls),
    plot: doseResponseOf(gate),
    note: [
      'The same frozen rule, fed scores that are truthful on a growing share of the rows, from pure noise on the left to the truth on the right. A line that stays below the threshold is a rule that cannot listen.',
      ...whyNotRun(gate),
    ].join(' '),
    numbers: controls.length === 0 ? null : [results(gate, controls), doses(gate, controls)],
  };
}

function finding(gate: GateReport, controls: readonly (readonly [string, ControlResult])[]): Content {
  const [[, control]] = controls;
  const own = gate.controls.correctness === null ? null : ownAurocs(gate);
  const range = own === null ? null : [...new Set(own.map((auroc) => auroc.toFixed(2)))].join(' to ');
  return [neededAuroc(control, gate.threshold), ...(range === null ? [] : [` Yours have ${range}.`])];
}

function results(gate: GateReport, controls: readonly (readonly [string, ControlResult])[]): Markup {
  const { threshold, alpha } = gate;
  return table({
    label: 'Results of the positive controls',
    head: ['Control', 'Result', 'Gap', 'p', 'Most possible', 'AUROC needed'],
    textColumns: 2,
    rows: controls.map(([name, control]) => [
      nameOf(name, gate),
      control.passed ? 'passed' : 'not passed',
      number(control.gap, (it) => gap(it, threshold)),
      number(control.p, (it) => pValue(it, alpha)),
      number(control.headroom, gap),
      control.requiredAuroc === null ? 'never enough' : number(control.requiredAuroc, metric),
    ]),
  });
}

function nameOf(name: string, { controls: { corruption } }: GateReport): Content {
  return name === 'corruption' ? markup`corruption of ${code(corruption!.modality)}` : name;
}

function doses({ threshold }: GateReport, controls: readonly (readonly [string, ControlResult])[]): Markup {
  return table({
    label: 'Dose-response of the positive controls',
    head: ['Control', 'Truthful share', 'AUROC', 'Gap'],
    rows: controls.flatMap(([name, { doseResponse }]) =>
      doseResponse.map((point) => [
        name,
        number(point.dose, percent),
        number(point.auroc, metric),
        number(point.gap, (it) => gap(it, threshold)),
      ]),
    ),
  });
}
