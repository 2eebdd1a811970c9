import type { Draws } from './examined.ts';
import type { ControlDraws, DoseDraws, DrawnCounts, Measurements } from './measurements.ts';

/**
 * Measurements of all shards as those of one run.
 *
 * @param shards in the order of their draws; their facts are the same
 */
export function joinMeasurements(shards: readonly Measurements[]): Measurements {
  const [{ facts }] = shards;
  return {
    facts,
    draws: joinCounts(shards.map(({ draws }) => draws)),
    invalid: shards.map(({ invalid }) => invalid).find((why) => why !== null) ?? null,
  };
}

function joinCounts(parts: readonly DrawnCounts[]): DrawnCounts {
  const [{ perModality, corruption }] = parts;
  return {
    main: joinDraws(parts.map(({ main }) => main)),
    perModality: perModality.map((_, m) => joinHits(parts.map((part) => part.perModality[m]))),
    joint: joinEach(parts, ({ joint }) => joint, joinHits),
    correctness: joinEach(parts, ({ correctness }) => correctness, joinControls),
    corruption: corruption.map((_, i) => joinControls(parts.map((part) => part.corruption[i]))),
  };
}

/** Draws one behind the other. */
export function joinDraws(parts: readonly Draws[]): Draws {
  return {
    hits: joinHits(parts.map(({ hits }) => hits)),
    flipped: joinHits(parts.map(({ flipped }) => flipped)),
    right: parts.map(({ right }) => right).reduce((sum, right) => sum.map((times, i) => times + right[i])),
  };
}

function joinControls(parts: readonly ControlDraws[]): ControlDraws {
  return {
    broken: joinHits(parts.map(({ broken }) => broken)),
    doses: joinEach(parts, ({ doses }) => doses, joinDoses),
  };
}

function joinDoses(parts: readonly DoseDraws[]): DoseDraws {
  return {
    auroc: Float64Array.from(parts.flatMap(({ auroc }) => [...auroc])),
    hits: joinHits(parts.map(({ hits }) => hits)),
  };
}

function joinHits(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Null where the parts have none. */
function joinEach<Whole, Part>(
  parts: readonly Whole[],
  partOf: (whole: Whole) => Part | null,
  join: (parts: readonly Part[]) => Part,
): Part | null {
  const found = parts.map(partOf).filter((part) => part !== null);
  return found.length === 0 ? null : join(found);
}
