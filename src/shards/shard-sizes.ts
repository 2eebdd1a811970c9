import { isDeepStrictEqual } from 'node:util';

import type { ControlDraws, ControlFacts, Facts, Measurements } from '../diagnostic/measurements.ts';
import { classCounts } from '../diagnostic/metric.ts';
import { DOSE_REPLAYS } from '../diagnostic/positive-control.ts';
import { drawsOf, sizeOf, type Shard } from '../diagnostic/shard.ts';

/**
 * What of a shard's measurements cannot be, in a few words: lists that are too long or too short, counts that exceed what
 * was counted. Undefined where everything can.
 *
 * The file may come from a stranger's job: nothing is computed from it before this.
 */
export function whatIsDamaged(measurements: Measurements, shard: Shard): string | undefined {
  const sizes = sizesOf(measurements.facts, shard);
  return CHECKS.find(([, holds]) => !holds(measurements, sizes))?.[0];
}

interface Sizes {
  readonly rows: number;
  readonly classes: number;
  /** Examples of each class [C]. */
  readonly perClass: Uint32Array;
  /** Draws of this shard: shuffles, shuffles of one modality, further shuffles, doses. */
  readonly main: number;
  readonly single: number;
  readonly further: number;
  readonly doses: number;
}

function sizesOf({ labels, uniform, count, secondaryCount }: Facts, shard: Shard): Sizes {
  const ofShard = (draws: number): number => sizeOf(drawsOf(draws, shard));
  return {
    rows: labels.length,
    classes: uniform.length,
    perClass: classCounts(labels, uniform.length),
    main: ofShard(count),
    single: ofShard(Math.min(count, secondaryCount)),
    further: ofShard(secondaryCount),
    doses: ofShard(DOSE_REPLAYS),
  };
}

/** In this order: the first ones are what the later ones count on. */
const CHECKS: readonly [what: string, holds: (measured: Measurements, sizes: Sizes) => boolean][] = [
  ['the number of examples', (_, { rows }) => rows > 0],
  ['the number of classes', (_, { classes }) => classes > 1],
  ['a label', ({ facts }, { classes }) => facts.labels.every((label) => label < classes)],
  ['the list of modalities', ({ facts }) => areNamesSound(facts)],
  ['the list of what Clean-Q gets right', ({ facts }, { rows }) => facts.clean.length === rows],
  ['the counts with equal scores', ({ facts }, sizes) => areHits(facts.uniform, 1, sizes)],
  ['the counts of the shuffles', ({ draws }, sizes) => areHits(draws.main.hits, sizes.main, sizes)],
  [
    'the counts of changed predictions',
    ({ draws }, { main, rows }) => areTimes(draws.main.flipped, main, rows),
  ],
  ['the counts by example', ({ draws }, { main, rows }) => areTimes(draws.main.right, rows, main)],
  ['the sum of the counts by example', agree],
  [
    'the counts of one modality shuffled',
    ({ facts, draws }, sizes) =>
      draws.perModality.length === (facts.modalities.length === 1 ? 0 : facts.modalities.length) &&
      draws.perModality.every((hits) => areHits(hits, sizes.single, sizes)),
  ],
  [
    'the counts of joint shuffles',
    ({ facts, draws: { joint } }, sizes) =>
      facts.modalities.length === 1 || facts.scheme === 'joint'
        ? joint === null
        : joint !== null && areHits(joint, sizes.further, sizes),
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
];

/** Every modality has one name, and whatever is told by modality is told of these. */
function areNamesSound({ modalities, experts, constantScores, corruption }: Facts): boolean {
  const names = new Set(modalities);
  const corrupted = corruption.map(({ modality }) => modality);
  const tables = experts === null ? [] : [experts.experts, experts.alignment];
  return (
    names.size === modalities.length &&
    new Set(corrupted).size === corrupted.length &&
    [...constantScores, ...corrupted].every((name) => names.has(name)) &&
    tables.every((table) => isDeepStrictEqual(Object.keys(table), [...modalities]))
  );
}

function isControl(facts: ControlFacts, { broken, doses }: ControlDraws, sizes: Sizes): boolean {
  return (
    areHits(facts.best, 1, sizes) &&
    areHits(facts.truthful, 1, sizes) &&
    areHits(broken, sizes.further, sizes) &&
    doses !== null &&
    areHits(doses.hits, sizes.doses, sizes) &&
    doses.auroc.length === sizes.doses
  );
}

/** [draws * C] */
function areHits(hits: Uint32Array, draws: number, { classes, perClass }: Sizes): boolean {
  return hits.length === draws * classes && hits.every((hit, i) => hit <= perClass[i % classes]);
}

function areTimes(times: Uint32Array, length: number, most: number): boolean {
  return times.length === length && times.every((count) => count <= most);
}

/** What was right is counted by draw and by example. */
function agree({ facts: { labels }, draws: { main } }: Measurements, { classes }: Sizes): boolean {
  const difference = new Float64Array(classes);
  main.hits.forEach((hit, i) => (difference[i % classes] += hit));
  main.right.forEach((times, i) => (difference[labels[i]] -= times));
  return difference.every((value) => value === 0);
}
