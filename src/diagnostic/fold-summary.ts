import type { FoldResult, FoldSummary, Spread } from './diagnosis.ts';
import { median } from './quantile.ts';
import { mean, standardDeviation } from './spread.ts';

/** What a summary takes of a fold. */
export type SummarisedFold = Pick<
  FoldResult,
  'clean' | 'uniform' | 'gap' | 'p' | 'headroom' | 'competitiveness' | 'alignment'
>;

/** As the paper's code summarises folds. @param folds at least one */
export function summariseFolds(folds: readonly SummarisedFold[]): FoldSummary {
  return {
    uniform: spread(folds.map(({ uniform }) => uniform)),
    clean: spread(folds.map(({ clean }) => clean)),
    gap: spread(folds.map(({ gap }) => gap)),
    p: medianOf(folds.map(({ p }) => p)),
    headroom: known(
      folds.map(({ headroom }) => headroom?.value),
      spread,
    ),
    competitiveness: known(
      folds.map(({ competitiveness }) => competitiveness?.median),
      medianOf,
    ),
    alignment: known(folds.map(meanAlignment), mean),
  };
}

function meanAlignment({ alignment }: SummarisedFold): number | undefined {
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
  return { mean: mean(values), std: standardDeviation(values) };
}

function medianOf(values: readonly number[]): number {
  return median(Float64Array.from(values));
}
