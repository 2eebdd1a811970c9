import type { FoldSummary } from '../diagnostic/diagnosis.ts';
import { summariseFolds, type SummarisedFold } from '../diagnostic/fold-summary.ts';
import type { GateReport } from './gate-report.ts';
import { gatingResult } from './metrics.ts';

/** Gates that judge the same thing on several folds: their names differ in ` seed 11 fold 0` at the end alone. */
export interface Family {
  readonly name: string;
  readonly gates: readonly GateReport[];
}

/** In the order in which each family is first met. */
export function familiesOf(gates: readonly GateReport[]): Family[] {
  const families = new Map<string, GateReport[]>();
  for (const gate of gates) {
    const name = gate.name.replace(/ seed \d+ fold \d+$/, '');
    families.set(name, [...(families.get(name) ?? []), gate]);
  }
  return Array.from(families, ([name, folds]) => ({ name, gates: folds }));
}

/** The folds of these gates; a gate without folds is one. */
export function foldsOf(gates: readonly GateReport[]): SummarisedFold[] {
  return gates.flatMap((gate): readonly SummarisedFold[] => gate.folds ?? [asFold(gate)]);
}

/** What the paper's tables say of a family. @param gates at least one */
export function summarise(gates: readonly GateReport[]): FoldSummary {
  return summariseFolds(foldsOf(gates));
}

function asFold(gate: GateReport): SummarisedFold {
  const { clean, uniform } = gatingResult(gate);
  const { gap, p, headroom, competitiveness, alignment } = gate;
  return { clean, uniform, gap: gap.value, p: p.oneSided, headroom, competitiveness, alignment };
}
