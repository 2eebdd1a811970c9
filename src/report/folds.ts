import type { GateReport } from './gate-report.ts';
import { gatingResult } from './metrics.ts';

/** Gates that judge the same thing on several folds: their names differ in ` seed 11 fold 0` at the end alone. */
export interface Family {
  readonly name: string;
  readonly gates: readonly GateReport[];
}

/** Over folds; the deviation is that of the population, as in the paper. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** What the paper's tables say of a family, in the gating metric; null where no fold has it. */
export interface FoldSummary {
  readonly uniform: Spread;
  readonly clean: Spread;
  readonly gap: Spread;
  /** Median of the one-sided p-values. */
  readonly p: number;
  readonly headroom: Spread | null;
  /** Median over folds of the median competitiveness. */
  readonly competitiveness: number | null;
  /** Mean over folds of the mean over modalities of the Pearson correlation of score and correctness. */
  readonly alignment: number | null;
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

/** @param gates at least one */
export function summarise(gates: readonly GateReport[]): FoldSummary {
  return {
    uniform: spread(gates.map((gate) => gatingResult(gate).uniform)),
    clean: spread(gates.map((gate) => gatingResult(gate).clean)),
    gap: spread(gates.map(({ gap }) => gap.value)),
    p: median(gates.map(({ p }) => p.oneSided)),
    headroom: known(
      gates.map(({ headroom }) => headroom?.value),
      spread,
    ),
    competitiveness: known(
      gates.map(({ competitiveness }) => competitiveness?.median),
      median,
    ),
    alignment: known(gates.map(meanAlignment), mean),
  };
}

function meanAlignment({ alignment }: GateReport): number | undefined {
  const correlations = Object.values(alignment ?? {}).flatMap(({ pearson }) => pearson ?? []);
  return correlations.length === 0 ? undefined : mean(correlations);
}

/** What is known of the folds that have the number; null where none has. */
function known<T>(
  values: readonly (number | undefined)[],
  summary: (values: readonly number[]) => T,
): T | null {
  const there = values.filter((value) => value !== undefined);
  return there.length === 0 ? null : summary(there);
}

function spread(values: readonly number[]): Spread {
  const centre = mean(values);
  return { mean: centre, std: Math.sqrt(mean(values.map((value) => (value - centre) ** 2))) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}
