import type { GateConfig } from './config/gate-config.ts';
import { openContract } from './evaluation-set/contract/open-contract.ts';
import type { EvaluationSet } from './evaluation-set/evaluation-set.ts';
import { openEvaluationSet } from './evaluation-set/open-evaluation-set.ts';
import { selectRows } from './evaluation-set/select-rows.ts';
import type { Workspace } from './foundation/workspace.ts';

/** The evaluation set of a gate. */
export function openSet(
  { evaluationSet, contract }: GateConfig,
  workspace: Workspace,
): Promise<EvaluationSet> {
  return contract === undefined
    ? openEvaluationSet(evaluationSet, workspace)
    : openContract(evaluationSet, contract, workspace);
}

/** The rows of it that the gate judges, and how many it has. */
export function rowsOf(gate: GateConfig, set: EvaluationSet): ReturnType<typeof selectRows> {
  const used = [...scoreColumns(gate), ...groupColumns(gate), ...(gate.slices ?? [])];
  return selectRows(set, gate.columns, gate.modalities, used, gate.rows);
}

/** Columns that must be there; whether those of a model must, the model decides: it may compute its scores itself. */
function scoreColumns({ candidate, reliability, modalities }: GateConfig): string[] {
  if (candidate.kind === 'model') return [];
  if (reliability) return [reliability.column];
  return modalities.flatMap((modality) => modality.reliability?.column ?? []);
}

/** Columns that decide which scores change places. */
function groupColumns({ columns, permutations: { within } }: GateConfig): string[] {
  return [
    ...(columns.block === undefined ? [] : [columns.block]),
    ...(typeof within === 'object' ? within.match : []),
  ];
}
