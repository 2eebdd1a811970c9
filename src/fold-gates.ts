import type { Candidate, FoldGate, GateConfig } from './config/gate-config.ts';
import type { Fold } from './evaluation-set/contract/contract-fold.ts';
import { chooseFolds, findFolds } from './evaluation-set/contract/find-folds.ts';
import type { Workspace } from './foundation/workspace.ts';

/**
 * The gates that the folds of a gate would be alone; none where it has one model and one evaluation set.
 *
 * @throws ConfigurationError where a contract folder lacks a seed or fold that is asked for
 */
export async function foldGates(gate: GateConfig, workspace: Workspace): Promise<readonly FoldGate[]> {
  const { folds, ...rest } = gate;
  if (folds === undefined) return [];
  if (folds.from === 'list') return folds.list;
  const found = chooseFolds(gate.evaluationSet, await findFolds(gate.evaluationSet, workspace), folds);
  return found.map((fold) => ({ name: `seed ${fold.seed} fold ${fold.fold}`, gate: gateOf(rest, fold) }));
}

/** `{seed}` and `{fold}` in a path stand for those of the fold. */
function gateOf(gate: GateConfig, fold: Fold): GateConfig {
  const filled = (path: string): string =>
    path.replaceAll('{seed}', `${fold.seed}`).replaceAll('{fold}', `${fold.fold}`);
  const { bank } = gate.permutations;
  return {
    ...gate,
    candidate: candidateOf(gate.candidate, filled),
    contract: { ...gate.contract, ...fold },
    permutations: { ...gate.permutations, ...(bank && { bank: { ...bank, path: filled(bank.path) } }) },
  };
}

function candidateOf(candidate: Candidate, filled: (path: string) => string): Candidate {
  if (candidate.kind === 'fusion') {
    const { weights } = candidate.rule;
    return { ...candidate, rule: { ...candidate.rule, ...(weights && { weights: filled(weights) }) } };
  }
  const { path, head } = candidate;
  return { ...candidate, path: filled(path), ...(head !== undefined && { head: filled(head) }) };
}
