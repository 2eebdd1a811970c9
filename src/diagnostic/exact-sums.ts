import type { FrozenFusion } from '../model/frozen-fusion.ts';
import type { MetricName, Scheme } from './diagnosis.ts';
import type { DrawRequest, Examined } from './examined.ts';
import type { Exchange } from './exchange.ts';
import type { Gauge } from './gauge.ts';
import type { Predicted } from './gauge-units.ts';
import type { ExactDraws, ExactSums } from './measurements.ts';
import { isCounted } from './metric.ts';
import { METRICS } from './metrics/metric-table.ts';
import { exchangeFor } from './presence.ts';
import { peersOf, rotatedScores } from './rotations.ts';
import { drawsOf, sizeOf, type DrawRange, type Shard } from './shard.ts';

/**
 * What the replays of cached experts may take where they are more than the shuffles were: in products of a score and an
 * expert's number, of which one takes about a nanosecond where classes alone are asked for, and ten where outputs are.
 */
const MOST_PRODUCTS = 1e8;
const TIMES_OUTPUTS = 10;

/** The sums are of means over examples: of any other metric there are none. */
export function isMean(name: MetricName): boolean {
  return isCounted(name) || METRICS[name].perExample !== undefined;
}

/** What is to be summed, and of what. */
export interface ExactPlan {
  readonly fusion: FrozenFusion;
  readonly exchange: Exchange;
  /** How the sampled shuffles were drawn. */
  readonly scheme: Scheme;
  /** The gating metric, and those beside it. */
  readonly metric: MetricName;
  readonly metrics: readonly MetricName[];
  /** Of all metrics; where the gating one is a gauge it is the first. */
  readonly gauges: readonly Gauge[];
  /** How many shuffles were drawn: of all scores, of those of one modality, and of whole rows. */
  readonly drawn: { readonly main: number; readonly single: number; readonly joint: number };
  readonly shard?: Shard;
  /** @param task what progress calls it */
  readonly begin: (task: string, replays: number) => Examined;
}

/**
 * Sums over all pairs of an example and a row of scores that it may get, where shuffles keep rows of scores together, or
 * move those of one modality alone: from them follows the exact mean of all shuffles of a metric that is a mean over
 * examples, as the expectation of a sum is the sum of the expectations.
 *
 * Where each of M modalities has its own shuffle there are N^M rows of scores that an example may get, and no such sum.
 *
 * @param clean what is predicted with Clean-Q
 */
export async function sumExactly(plan: ExactPlan, clean: Predicted): Promise<ExactDraws> {
  const { fusion, exchange, scheme, metric, metrics, drawn } = plan;
  const { modalities, reliability, rows } = fusion;
  const isSingle = modalities.length === 1;
  const sum = async (task: string, draws: number, gauges: readonly Gauge[], only?: number) => {
    const how = only === undefined ? ('joint' as const) : ('independent' as const);
    const own = exchangeFor(reliability, only ?? 0, { ...exchange, scheme: how });
    const [rotated, peers] = [rotatedScores(reliability, modalities, own), peersOf(rows, own)];
    const means = gauges.filter(({ name }) => isMean(name));
    if (rotated.count > draws && !isCheap(fusion, rotated.count, means)) return null;
    const range = drawsOf(rotated.count, plan.shard);
    const examined = { ...plan.begin(task, sizeOf(range)), gauges: means };
    const sums = await sumRotations(examined, clean, { broken: rotated, range, only }, { gauges, peers });
    examined.progress.done();
    return sums;
  };
  const gating = isCounted(metric) ? [] : [plan.gauges[0]];
  const hasMain = scheme !== 'bank' && (isSingle || scheme === 'joint') && [metric, ...metrics].some(isMean);
  const hasOthers = !isSingle && isMean(metric);
  const perModality: ExactDraws['perModality'][number][] = [];
  const main = hasMain ? await sum('all pairs of examples and scores', drawn.main, plan.gauges) : null;
  const joint =
    hasOthers && scheme !== 'joint' ? await sum('all pairs, whole rows', drawn.joint, gating) : null;
  for (const only of isSingle ? [] : modalities.keys()) {
    const isKnown = hasOthers && scheme !== 'bank';
    perModality.push(isKnown ? await sum('all pairs, one modality', drawn.single, gating, only) : null);
  }
  return { main, joint, perModality };
}

/** A replay of cached experts is a sum of products. */
function isCheap(
  { recipe, rows, classes, modalities }: FrozenFusion,
  rotations: number,
  gauges: readonly Gauge[],
): boolean {
  const products = rotations * rows * modalities.length * classes;
  const times = gauges.some(({ needs }) => needs !== 'classes') ? TIMES_OUTPUTS : 1;
  return recipe !== undefined && products * times <= MOST_PRODUCTS;
}

/**
 * @param request the rotations to be made here
 * @param about all gauges of which there are sums, and the peers of each row [N]
 */
async function sumRotations(
  examined: Examined,
  clean: Predicted,
  { broken, range, only }: DrawRequest,
  { gauges, peers }: { readonly gauges: readonly Gauge[]; readonly peers: Uint32Array },
): Promise<ExactSums> {
  const right = new Uint32Array(peers.length);
  const units = gauges.map(({ name, units: count }) => new Float64Array(isMean(name) ? count : 0));
  const sums = units.filter((_, g) => isMean(gauges[g].name));
  for (const part of partsOf(range, peers)) {
    const parts = sums.map(({ length }) => new Float64Array(length));
    const found = await examined.tally(examined, clean, { broken, range: part, only, units: parts });
    // All rows have as many peers as there are rotations in the part, or else none of it.
    const counts = (row: number): boolean => peers[row] >= part.until;
    found.right.forEach((times, row) => {
      if (counts(row)) right[row] += times;
    });
    parts.forEach((ofPart, g) => {
      const { rows } = examined.gauges[g];
      ofPart.forEach((grains, unit) => {
        if (counts(rows ? rows[unit] : unit)) sums[g][unit] += grains;
      });
    });
  }
  return { peers, right, units };
}

/** The range, cut where groups end: in each part a row counts all rotations or none. */
function partsOf(
  { from, until }: { readonly from: number; readonly until: number },
  peers: Uint32Array,
): DrawRange[] {
  const ends = [...new Set(peers)].sort((a, b) => a - b).filter((end) => end > from && end < until);
  const cuts = [from, ...ends, until];
  return cuts.slice(1).flatMap((end, i) => (end > cuts[i] ? [{ from: cuts[i], until: end }] : []));
}

/** Sums over the rotations of all parts. */
export function joinExact(parts: readonly ExactDraws[]): ExactDraws {
  const joined = (of: (part: ExactDraws) => ExactSums | null): ExactSums | null => {
    const found = parts.flatMap((part) => of(part) ?? []);
    return found.length === 0 ? null : found.reduce(addSums);
  };
  return {
    main: joined(({ main }) => main),
    joint: joined(({ joint }) => joint),
    perModality: parts[0].perModality.map((_, m) => joined(({ perModality }) => perModality[m])),
  };
}

function addSums(a: ExactSums, b: ExactSums): ExactSums {
  return {
    peers: a.peers,
    right: a.right.map((times, row) => times + b.right[row]),
    units: a.units.map((sums, g) => sums.map((grains, unit) => grains + b.units[g][unit])),
  };
}
