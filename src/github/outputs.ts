import type { GateReport, RunReport } from '../report/gate-report.ts';
import { gatingResult } from '../report/metrics.ts';

/**
 * What later steps of the workflow may read, in action.yml's names; `comment-url` is added once there is a comment.
 *
 * Where a run has several gates, the single values are those of the worst one: of the gates that ended as the whole run
 * did, the one with the smallest gap. `gates` has the same values of every gate, as a JSON array.
 *
 * `accuracy` and `permuted-accuracy` are in the gate's own metric, so that `gap` is their difference.
 */
export function outputsOf(report: RunReport, reportPath: string): Record<string, string> {
  const worst = worstGate(report);
  const values = worst === undefined ? [] : Object.entries(gateValues(worst));
  return {
    ...Object.fromEntries(values.map(([name, value]) => [name, asText(value)])),
    conclusion: report.conclusion,
    gates: JSON.stringify(
      report.gates.map((gate) => ({ name: gate.name, conclusion: gate.conclusion, ...gateValues(gate) })),
    ),
    'report-path': reportPath,
  };
}

/** Undefined where the run has no gates. */
function worstGate({ gates, conclusion }: RunReport): GateReport | undefined {
  return gates
    .filter((gate) => gate.conclusion === conclusion)
    .toSorted((a, b) => a.gap.value - b.gap.value)
    .at(0);
}

function gateValues(gate: GateReport): Record<string, string | number | null> {
  const { clean, broken } = gatingResult(gate);
  return {
    verdict: gate.verdict,
    accuracy: clean,
    'permuted-accuracy': broken.mean,
    gap: gate.gap.value,
    'gap-lower': gate.gap.lower,
    'gap-upper': gate.gap.upper,
    'p-value': gate.p.oneSided,
    // The corruption control stands in where there are no expert outputs to be truthful about.
    'control-gap': (gate.controls.correctness ?? gate.controls.corruption)?.gap ?? null,
  };
}

/** Unset outputs read as the empty string in a workflow; so do these. */
function asText(value: string | number | null): string {
  return value === null ? '' : String(value);
}
