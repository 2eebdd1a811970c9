import { rowsByFold, type Cells } from './cells.ts';
import type { Diagnosis, FoldResult, MetricName } from './diagnosis.ts';
import { summariseFolds } from './fold-summary.ts';
import type { Measurements } from './measurements.ts';
import type { Outcomes } from './outcomes.ts';
import type { StoppingRule } from './sequential.ts';
import { mean, standardDeviation } from './spread.ts';
import { yardsticksByFold } from './yardstick.ts';

/**
 * Each fold as if it were alone, from the same shuffles, and how folds differ.
 *
 * @param clean outcomes of Clean-Q
 */
export function concludeFolds(
  { facts, draws }: Measurements,
  cells: Cells,
  clean: Outcomes,
  metric: MetricName,
  stopping?: StoppingRule,
): Pick<Diagnosis, 'folds' | 'acrossFolds'> {
  const { folds, gauges } = facts;
  if (folds === null) return { folds: null, acrossFolds: null };
  const uniform: Outcomes = {
    hits: facts.uniform,
    values: Float64Array.from(gauges.flatMap((gauge) => [...gauge.uniform])),
  };
  const place = gauges.findIndex((gauge) => gauge.name === metric);
  const yardsticks = yardsticksByFold(metric, cells, place);
  const results = rowsByFold(folds).map((rows, fold): FoldResult => {
    const yardstick = yardsticks[fold];
    const broken = yardstick.values(draws.main);
    const { gap, p } = yardstick.compare(clean, draws.main, stopping);
    const experts = folds.experts?.[fold];
    return {
      name: folds.names[fold],
      examples: rows.length,
      clean: yardstick.values(clean)[0],
      uniform: yardstick.values(uniform)[0],
      broken: { mean: mean(broken), std: standardDeviation(broken) },
      gap,
      p: p.oneSided,
      headroom: experts?.headroom ?? null,
      competitiveness: experts?.competitiveness ?? null,
      alignment: experts?.alignment ?? null,
    };
  });
  return {
    folds: results,
    acrossFolds: { ...summariseFolds(results), repeats: folds.repeats.length },
  };
}
