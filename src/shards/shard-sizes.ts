import { isDeepStrictEqual } from 'node:util';

import type { ConclusionPlan } from '../diagnostic/conclude.ts';
import type {
  ControlDraws,
  ControlFacts,
  ExactSums,
  Facts,
  FoldFacts,
  Measurements,
  OneModalityDraws,
  SliceFacts,
  SliceGauge,
} from '../diagnostic/measurements.ts';
import { cellsIn, cellsOf, totalOf, type Cells, type Counts } from '../diagnostic/cells.ts';
import { isCounted } from '../diagnostic/metric.ts';
import { clusterCount } from '../diagnostic/groups.ts';
import { METRICS } from '../diagnostic/metrics/metric-table.ts';
import type { Outcomes } from '../diagnostic/outcomes.ts';
import { groupCount } from '../diagnostic/gauge-units.ts';
import { isMean } from '../diagnostic/exact-sums.ts';
import { DOSE_REPLAYS } from '../diagnostic/positive-control.ts';
import { drawsOf, sizeOf, type Shard } from '../diagnostic/shard.ts';
import { clustersOf, sliceFolds, type SliceDraws } from '../diagnostic/slices.ts';
import { areArmsSound, isCalibrationSound } from './sound-arms.ts';

/**
 * What of a shard's measurements cannot be, in a few words: lists that are too long or too short, counts that exceed what
 * was counted. Undefined where everything can.
 *
 * The file may come from a stranger's job: nothing is computed from it before this.
 *
 * @param present on how many rows a modality is present. Default: on all
 */
export function whatIsDamaged(
  measurements: Measurements,
  shard: Shard,
  plan: Pick<ConclusionPlan, 'metric' | 'metrics'>,
  present: Sizes['present'] = {},
): string | undefined {
  const sizes = { ...sizesOf(measurements.facts, shard, plan), present };
  return CHECKS.find(([, holds]) => !holds(measurements, sizes))?.[0];
}

interface Sizes {
  readonly rows: number;
  /** On how many of them a modality is present, where not on all. */
  readonly present: Readonly<Record<string, number>>;
  readonly folds: number;
  readonly cells: Cells;
  /** The metrics that are no counts, of the gate, and of them the gating one. */
  readonly gauges: readonly string[];
  readonly gating: number;
  /** Draws of this shard: shuffles, shuffles of one modality, further shuffles, doses. */
  readonly main: number;
  readonly single: number;
  readonly further: number;
  readonly doses: number;
  readonly shard: Shard;
}

function sizesOf(
  facts: Facts,
  shard: Shard,
  { metric, metrics }: Pick<ConclusionPlan, 'metric' | 'metrics'>,
): Omit<Sizes, 'present'> {
  const { labels, folds, count, secondaryCount } = facts;
  const ofShard = (draws: number): number => sizeOf(drawsOf(draws, shard));
  return {
    rows: labels.length,
    folds: folds?.names.length ?? 1,
    cells: cellsIn(facts),
    gauges: [metric, ...metrics].filter((name) => !isCounted(name)),
    gating: isCounted(metric) ? 0 : 1,
    main: ofShard(count),
    single: ofShard(Math.min(count, secondaryCount)),
    further: ofShard(secondaryCount),
    doses: ofShard(DOSE_REPLAYS),
    shard,
  };
}

/** In this order: the first ones are what the later ones count on. */
const CHECKS: readonly [what: string, holds: (measured: Measurements, sizes: Sizes) => boolean][] = [
  ['the number of examples', (_, { rows }) => rows > 0],
  ['the list of weights', ({ facts: { weights } }, { rows }) => areWeights(weights, rows)],
  [
    'the number of classes',
    ({ facts: { task } }, { cells: { classes } }) =>
      task === 'classification' ? Number.isInteger(classes) && classes > 1 : classes === 1,
  ],
  ['a label', ({ facts }, { cells: { classes } }) => facts.labels.every((label) => label < classes)],
  ['the list of folds', ({ facts }, sizes) => facts.folds === null || areFoldsSound(facts.folds, sizes)],
  ['the list of modalities', ({ facts }) => areNamesSound(facts)],
  ['the list of what Clean-Q gets right', ({ facts }, { rows }) => facts.clean.length === rows],
  ['the counts with equal scores', ({ facts }, sizes) => areHits(facts.uniform, 1, sizes)],
  ['the list of clusters', ({ facts }, { rows }) => areClusters(facts, rows)],
  ['the list of metrics', areGaugesSound],
  [
    'the counts of the shuffles',
    ({ draws }, sizes) => areOutcomes(draws.main, sizes.main, sizes, sizes.gauges.length),
  ],
  [
    'the counts of changed predictions',
    ({ draws }, { main, cells: { sizes } }) => areTimes(draws.main.flipped, main, totalOf(sizes)),
  ],
  [
    'the movement of the predictions',
    ({ facts, draws }, { main }) =>
      draws.main.moved.length === (facts.task === 'classification' ? 0 : main) &&
      draws.main.moved.every((distance) => distance >= 0),
  ],
  ['the list of slices', areSlicesSound],
  ['the counts by example', ({ draws }, { main, rows }) => areTimes(draws.main.right, rows, main)],
  ['the sum of the counts by example', agree],
  [
    'the counts of one modality shuffled',
    ({ facts, draws }, sizes) =>
      draws.perModality.length === (facts.modalities.length === 1 ? 0 : facts.modalities.length) &&
      draws.perModality.every((drawn) => isModality(drawn, facts, sizes)),
  ],
  ['the arms', ({ facts }, sizes) => areArmsSound(facts, sizes)],
  ['the calibration', ({ facts }, sizes) => isCalibrationSound(facts, sizes)],
  [
    'the counts of joint shuffles',
    ({ facts, draws: { joint } }, sizes) =>
      facts.modalities.length === 1 || facts.scheme === 'joint'
        ? joint === null
        : joint !== null && areOutcomes(joint, sizes.further, sizes),
  ],
  [
    'the correctness control',
    ({ facts, draws }, sizes) =>
      facts.correctness === null || draws.correctness === null
        ? facts.correctness === draws.correctness
        : isControl(facts.correctness, draws.correctness, sizes),
  ],
  [
    'the corruption control',
    ({ facts, draws }, sizes) =>
      facts.corruption.length === draws.corruption.length &&
      facts.corruption.every((control, i) => isControl(control, draws.corruption[i], sizes)),
  ],
  ['the sums over all scores', areSumsSound],
];

/** Whole numbers, as their list has them, of which a float holds the sum. */
function areWeights(weights: Float64Array | undefined, rows: number): boolean {
  if (weights === undefined) return true;
  const total = totalOf(weights);
  return weights.length === rows && total > 0 && total <= Number.MAX_SAFE_INTEGER;
}

/** There are sums where the shuffles and the metrics let them be, and no example is right more often than it is asked. */
function areSumsSound({ facts, draws: { exact } }: Measurements, sizes: Sizes): boolean {
  const { modalities, scheme, gauges } = facts;
  const { main, joint, perModality } = exact;
  const isSingle = modalities.length === 1;
  const areSums = (sums: ExactSums | null, count: number): boolean =>
    sums === null || isSumSound(sums, gauges.slice(0, count), sizes);
  return (
    perModality.length === (isSingle ? 0 : modalities.length) &&
    (scheme !== 'bank' || [main, ...perModality].every((sums) => sums === null)) &&
    (scheme === 'joint' || isSingle || main === null) &&
    (!isSingle || joint === null) &&
    areSums(main, gauges.length) &&
    [joint, ...perModality].every((sums) => areSums(sums, sizes.gating))
  );
}

function isSumSound(
  { peers, right, units }: ExactSums,
  gauges: Facts['gauges'],
  { rows, shard }: Sizes,
): boolean {
  if (!areTimes(peers, rows, rows) || peers.includes(0)) return false;
  const most = peers.reduce((largest, number) => Math.max(largest, number), 0);
  const { from, until } = drawsOf(most, shard);
  const asked = (row: number): number => Math.max(0, Math.min(until, peers[row]) - from);
  return (
    right.length === rows &&
    right.every((times, row) => times <= asked(row)) &&
    units.length === gauges.length &&
    gauges.every((gauge, g) => units[g].length === (isMean(gauge.name) ? gauge.units.length : 0))
  );
}

/** Every modality has one name, and whatever is told by modality is told of these. */
function areNamesSound({ modalities, experts, constantScores, corruption, folds }: Facts): boolean {
  const names = new Set(modalities);
  const corrupted = corruption.map(({ modality }) => modality);
  const ofFolds = folds?.experts?.map(({ alignment }) => alignment) ?? [];
  const ofAll = experts && [experts.experts ?? experts.expertMetric ?? {}, experts.alignment];
  const tables = [...(ofAll ?? []), ...ofFolds];
  return (
    names.size === modalities.length &&
    new Set(corrupted).size === corrupted.length &&
    [...constantScores, ...(folds?.constantScores.flat() ?? []), ...corrupted].every((name) =>
      names.has(name),
    ) &&
    tables.every((table) => isDeepStrictEqual(Object.keys(table), [...modalities]))
  );
}

function isModality(drawn: OneModalityDraws, { gauges }: Facts, sizes: Sizes): boolean {
  const { right, units } = drawn;
  return (
    areOutcomes(drawn, sizes.single, sizes) &&
    areTimes(right, sizes.rows, sizes.single) &&
    addsUp({ cells: sizes.cells, hits: drawn.hits }, right) &&
    units.length === sizes.gating &&
    units.every((list) => list.length === gauges[0].units.length)
  );
}

function isControl(facts: ControlFacts, { broken, doses }: ControlDraws, sizes: Sizes): boolean {
  return (
    (facts.best === null ? sizes.gating === 1 : areOutcomes(facts.best, 1, sizes)) &&
    areOutcomes(facts.truthful, 1, sizes) &&
    areOutcomes(broken, sizes.further, sizes) &&
    doses !== null &&
    areOutcomes(doses, sizes.doses, sizes) &&
    doses.auroc.length === sizes.doses
  );
}

/** Every row is of a fold, and every fold of one repeat. */
function areFoldsSound(folds: FoldFacts, { rows, folds: count }: Sizes): boolean {
  const { of, repeats, experts, constantScores } = folds;
  const inRepeats = repeats.flat().sort((a, b) => a - b);
  return (
    of.length === rows &&
    new Set(of).size === count &&
    of.every((fold) => fold < count) &&
    isDeepStrictEqual(inRepeats, [...Array(count).keys()]) &&
    constantScores.length === count &&
    (experts === null || experts.length === count)
  );
}

/** Numbers from 0, none left out. */
function areClusters({ clusters }: Facts, rows: number): boolean {
  return (
    clusters === undefined || (clusters.length === rows && new Set(clusters).size === clusterCount(clusters))
  );
}

/** Each gauge of the gate, with as many units as its examples or groups. */
function areGaugesSound({ facts, draws: { main } }: Measurements, { gauges, rows, folds }: Sizes): boolean {
  return (
    isDeepStrictEqual(
      facts.gauges.map(({ name }) => name),
      gauges,
    ) &&
    main.units.length === gauges.length &&
    facts.gauges.every(({ name, units, clean, uniform, rows: counted }, i) => {
      const { perExample } = METRICS[name];
      if ((counted === undefined) !== (perExample?.counted === undefined)) return false;
      if (counted && !areSomeRows(counted, rows)) return false;
      const count = perExample ? (counted?.length ?? rows) : groupCount(rows, facts.clusters);
      const lengths = [units.length, main.units[i].length, clean.length, uniform.length];
      return isDeepStrictEqual(lengths, [count, count, folds, folds]);
    })
  );
}

/** Ascending, and at least one. */
function areSomeRows(some: Uint32Array, rows: number): boolean {
  return some.length > 0 && some.every((row, i) => row < rows && (i === 0 || row > some[i - 1]));
}

/** Slices of every column, counted as folds are, and where the gating metric is no count its units. */
function areSlicesSound({ facts, draws: { main } }: Measurements, sizes: Sizes): boolean {
  const [columns, drawn] = [facts.slices ?? [], main.slices ?? []];
  if (columns.length !== drawn.length || (facts.slices === undefined) !== (main.slices === undefined)) {
    return false;
  }
  return columns.every((slices, i) => isColumnSound(slices, drawn[i], facts, sizes));
}

function isColumnSound(slices: SliceFacts, drawn: SliceDraws, facts: Facts, sizes: Sizes): boolean {
  const { of, names, uniform, gauges } = slices;
  const {
    rows,
    gating,
    cells: { classes },
    main,
  } = sizes;
  const count = names.length;
  if (of.length !== rows || new Set(of).size !== count || !of.every((slice) => slice < count)) return false;
  const own = {
    ...sizes,
    cells: cellsOf(facts.labels, classes, sliceFolds(slices, sizes.cells.folds), facts.weights),
  };
  const gauged = gating * count;
  const repeats = sizes.cells.folds.repeats.length;
  return (
    areHits(uniform, 1, own) &&
    areHits(drawn.hits, main, own) &&
    drawn.values.length === main * gauged * repeats &&
    gauges.length === gauged &&
    drawn.units.length === gauged &&
    gauges.every((gauge, slice) => drawn.units[slice].length === (gauge?.units.length ?? 0)) &&
    gauges.every(
      (gauge, slice) => gauge === null || isSliceGaugeSound(gauge, repeats, rowsOf(slices, slice), facts),
    )
  );
}

function rowsOf({ of }: SliceFacts, slice: number): Uint32Array {
  return Uint32Array.from(of.keys()).filter((row) => of[row] === slice);
}

function isSliceGaugeSound(
  { clean, uniform, units, rows: counted }: SliceGauge,
  repeats: number,
  rows: Uint32Array,
  { gauges: [gating], clusters }: Facts,
): boolean {
  const { perExample } = METRICS[gating.name];
  if ((counted === undefined) !== (perExample?.counted === undefined)) return false;
  if (counted && !areSomeRows(counted, rows.length)) return false;
  const count = perExample
    ? (counted?.length ?? rows.length)
    : groupCount(rows.length, clustersOf(rows, clusters));
  return isDeepStrictEqual([clean.length, uniform.length, units.length], [repeats, repeats, count]);
}

/** Of the gating metric alone, unless there are as many gauges as said. */
function areOutcomes(outcomes: Outcomes, draws: number, sizes: Sizes, gauges = sizes.gating): boolean {
  return areHits(outcomes.hits, draws, sizes) && outcomes.values.length === draws * gauges * sizes.folds;
}

/** [draws * F * C] */
function areHits(hits: Counts, draws: number, { cells: { sizes } }: Sizes): boolean {
  return hits.length === draws * sizes.length && hits.every((hit, i) => hit <= sizes[i % sizes.length]);
}

function areTimes(times: Counts, length: number, most: number): boolean {
  return times.length === length && times.every((count) => count <= most);
}

/** What was right is counted by draw and by example, in all examples and in slices. */
function agree({ facts, draws: { main } }: Measurements, { cells }: Sizes): boolean {
  const { labels, slices = [], weights } = facts;
  return [
    { cells, hits: main.hits },
    ...slices.map((ofColumn, column) => ({
      cells: cellsOf(labels, cells.classes, sliceFolds(ofColumn, cells.folds), weights),
      hits: main.slices![column].hits,
    })),
  ].every((counted) => addsUp(counted, main.right));
}

function addsUp(
  { cells: { of, sizes, weights }, hits }: { readonly cells: Cells; readonly hits: Counts },
  right: Uint32Array,
): boolean {
  if (weights) return weighsUp(hits, right, { of, sizes, weights });
  const difference = new Float64Array(sizes.length);
  hits.forEach((hit, i) => (difference[i % sizes.length] += hit));
  right.forEach((times, i) => (difference[of[i]] -= times));
  return difference.every((value) => value === 0);
}

/** Over many draws, sums of weights are larger than a float holds exactly. */
function weighsUp(
  hits: Counts,
  right: Uint32Array,
  { of, sizes, weights }: Pick<Cells, 'of' | 'sizes'> & { readonly weights: Float64Array },
): boolean {
  const difference = Array.from(sizes, () => 0n);
  hits.forEach((hit, i) => (difference[i % sizes.length] += BigInt(hit)));
  right.forEach((times, i) => (difference[of[i]] -= BigInt(times) * BigInt(weights[i])));
  return difference.every((value) => value === 0n);
}
