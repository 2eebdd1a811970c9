import { cellsIn, oneFold, rowsByFold, type Counts } from './cells.ts';
import { cleanOutcomes, concludeMetrics } from './conclude-metrics.ts';
import type { ConclusionPlan } from './conclude.ts';
import type { Diagnosis, MetricResult, SliceResult } from './diagnosis.ts';
import { holm } from './holm.ts';
import type { Measurements, MetricMeasurements, SliceFacts } from './measurements.ts';
import { isCounted } from './metric.ts';
import { joinCounts } from './outcomes.ts';
import { perDraw } from './permutation-test.ts';
import { clustersOf, repeatsIn, takeOf, weightsOf, whyTooSmall, type SliceDraws } from './slices.ts';

/** Each slice of each column, from the shuffles of the gate: what it tests, `Slicing` says. Nothing where there are none. */
export function concludeSlices(measurements: Measurements, plan: ConclusionPlan): Pick<Diagnosis, 'slices'> {
  const { facts, draws } = measurements;
  if (facts.slices === undefined) return {};
  const results = facts.slices.flatMap((slices, column) =>
    concludeColumn(measurements, slices, draws.main.slices![column], plan),
  );
  const adjusted = holm(results.flatMap(({ found }) => found?.p ?? []));
  let next = 0;
  return {
    slices: results.map(({ found, ...slice }) => ({
      ...slice,
      found: found && { ...found, adjustedP: adjusted[next++] },
    })),
  };
}

type Unadjusted = Omit<SliceResult, 'found'> & {
  readonly found: Omit<MetricResult, 'name' | 'better'> | null;
};

function concludeColumn(
  { facts, draws }: Pick<Measurements, 'facts' | 'draws'>,
  slices: SliceFacts,
  drawn: SliceDraws,
  { metric, interval, permutations: { seed, stopping } }: ConclusionPlan,
): Unadjusted[] {
  return rowsByFold({ ...slices, repeats: [] }).map((rows, slice): Unadjusted => {
    const about = { column: slices.column, value: slices.names[slice], examples: rows.length };
    const why = whyTooSmall(rows, facts.folds ?? oneFold(facts.labels.length), facts);
    if (why !== null) return { ...about, found: null, leftOut: why };
    if (!isCounted(metric) && slices.gauges[slice] === null) {
      return { ...about, found: null, leftOut: 'metric not defined' };
    }
    const own = ofSlice({ facts, draws }, slices, drawn, { rows, slice });
    const clean = cleanOutcomes(own.facts, cellsIn(own.facts));
    const [{ result }] = concludeMetrics([metric], own, clean, { interval, seed, stopping });
    const { clean: value, uniform, broken, gap, p } = result;
    return { ...about, found: { clean: value, uniform, broken, gap, p }, leftOut: null };
  });
}

/** The slice as if there were no other examples. */
function ofSlice(
  { facts, draws: { main } }: Pick<Measurements, 'facts' | 'draws'>,
  { uniform, names, gauges }: SliceFacts,
  { hits, values, units }: SliceDraws,
  { rows, slice }: { readonly rows: Uint32Array; readonly slice: number },
): MetricMeasurements {
  const folds = facts.folds && repeatsIn(rows, facts.folds);
  const repeats = folds?.names.length ?? 1;
  const cells = uniform.length / names.length;
  const ofCells = (counts: Counts): Counts => counts.subarray(slice * cells, (slice + 1) * cells);
  const gauge = gauges.length === 0 ? null : gauges[slice];
  const [gating] = facts.gauges;
  return {
    facts: {
      count: facts.count,
      labels: takeOf(facts.labels, rows),
      clean: Uint8Array.from(rows, (row) => facts.clean[row]),
      uniform: ofCells(uniform),
      gauges: gauge
        ? [
            {
              name: gating.name,
              clean: gauge.clean,
              uniform: gauge.uniform,
              grain: gating.grain,
              ...(gauge.rows && { rows: gauge.rows }),
              units: gauge.units,
            },
          ]
        : [],
      clusters: clustersOf(rows, facts.clusters),
      weights: facts.weights && weightsOf(rows, facts.weights),
      folds: folds && { ...folds, experts: null, constantScores: [] },
    },
    draws: {
      main: {
        hits: joinCounts(perDraw(hits, uniform.length).map(ofCells)),
        values: values.filter((_, i) => Math.floor(i / repeats) % names.length === slice),
        right: Uint32Array.from(rows, (row) => main.right[row]),
        units: gauge ? [units[slice]] : [],
      },
    },
  };
}
