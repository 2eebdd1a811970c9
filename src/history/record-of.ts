import type { ControlResult } from '../diagnostic/diagnosis.ts';
import type { GateReport, RunReport } from '../report/gate-report.ts';
import { gatingResult } from '../report/metrics.ts';
import type { Commit } from './commit.ts';
import type { HistoryRecord } from './record-schema.ts';

/**
 * What a run leaves in the history: a record for each gate.
 *
 * @param time when the run was made
 */
export function recordsOf(report: RunReport, commit: Commit, time: Date): HistoryRecord[] {
  return report.gates.map((gate) => recordOf(gate, commit, time, report.tool.version));
}

function recordOf(gate: GateReport, commit: Commit, time: Date, tool: string): HistoryRecord {
  const { model, evaluationSet, metric, threshold, alpha, verdict, conclusion, gap, controls } = gate;
  const result = gatingResult(gate);
  return {
    version: 1,
    gate: gate.name,
    sha: commit.sha,
    ref: commit.ref,
    time: time.toISOString(),
    pullRequest: commit.pullRequest,
    tool,
    model: { path: model.path, sha256: model.sha256 },
    evaluationSet: {
      path: evaluationSet.path,
      sha256: evaluationSet.sha256,
      evaluated: evaluationSet.evaluated,
      ...(evaluationSet.weights && { weight: evaluationSet.weights.column }),
    },
    metric,
    threshold,
    alpha,
    verdict,
    conclusion,
    clean: result.clean,
    broken: result.broken.mean,
    gap: { value: gap.value, lower: gap.lower, upper: gap.upper, confidence: gap.confidence },
    p: gate.p.oneSided,
    modalities: Object.entries(gate.perModality).map(([name, alone]) => ({
      name,
      gap: alone.gap,
      p: alone.p,
      auroc: gate.alignment?.[name]?.auroc ?? null,
    })),
    controls: { correctness: control(controls.correctness), corruption: control(controls.corruption) },
  };
}

function control(result: ControlResult | null): HistoryRecord['controls']['correctness'] {
  return result === null ? null : { gap: result.gap, p: result.p, passed: result.passed };
}
