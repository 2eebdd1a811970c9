import { joinExact } from './exact-sums.ts';
import type {
  ControlDraws,
  DoseDraws,
  DrawnCounts,
  MainDraws,
  Measurements,
  OneModalityDraws,
} from './measurements.ts';
import { joinCounts, joinOutcomes } from './outcomes.ts';
import type { SliceDraws } from './slices.ts';

/**
 * Measurements of all shards as those of one run.
 *
 * @param shards in the order of their draws; their facts are the same
 */
export function joinMeasurements(shards: readonly Measurements[]): Measurements {
  const [{ facts }] = shards;
  return {
    facts,
    draws: joinDrawn(shards.map(({ draws }) => draws)),
    invalid: shards.map(({ invalid }) => invalid).find((why) => why !== null) ?? null,
  };
}

function joinDrawn(parts: readonly DrawnCounts[]): DrawnCounts {
  const [{ perModality, corruption }] = parts;
  return {
    main: joinDraws(parts.map(({ main }) => main)),
    perModality: perModality.map((_, m) => joinModality(parts.map((part) => part.perModality[m]))),
    joint: joinEach(parts, ({ joint }) => joint, joinOutcomes),
    correctness: joinEach(parts, ({ correctness }) => correctness, joinControls),
    corruption: corruption.map((_, i) => joinControls(parts.map((part) => part.corruption[i]))),
    exact: joinExact(parts.map(({ exact }) => exact)),
  };
}

/** Draws one behind the other. */
export function joinDraws(parts: readonly MainDraws[]): MainDraws {
  const [{ slices }] = parts;
  return {
    ...joinOutcomes(parts),
    flipped: joinCounts(parts.map(({ flipped }) => flipped)),
    moved: Float64Array.from(parts.flatMap(({ moved }) => [...moved])),
    ...sumByExample(parts),
    ...(slices && {
      slices: slices.map((_, column) => joinSlices(parts.map((part) => part.slices![column]))),
    }),
  };
}

function joinModality(parts: readonly OneModalityDraws[]): OneModalityDraws {
  return { ...joinOutcomes(parts), ...sumByExample(parts) };
}

function sumByExample(parts: readonly OneModalityDraws[]): Pick<OneModalityDraws, 'right' | 'units'> {
  return {
    right: parts.map(({ right }) => right).reduce((sum, right) => sum.map((times, i) => times + right[i])),
    units: sumUnits(parts.map(({ units }) => units)),
  };
}

function joinSlices(parts: readonly SliceDraws[]): SliceDraws {
  return { ...joinOutcomes(parts), units: sumUnits(parts.map(({ units }) => units)) };
}

/** @param parts units of each gauge [parts][G][U] */
function sumUnits(parts: readonly (readonly Float64Array[])[]): Float64Array[] {
  return parts[0].map((_, gauge) =>
    parts
      .map((units) => units[gauge])
      .reduce((sum, units) => sum.map((grains, unit) => grains + units[unit])),
  );
}

function joinControls(parts: readonly ControlDraws[]): ControlDraws {
  return {
    broken: joinOutcomes(parts.map(({ broken }) => broken)),
    doses: joinEach(parts, ({ doses }) => doses, joinDoses),
  };
}

function joinDoses(parts: readonly DoseDraws[]): DoseDraws {
  return {
    auroc: Float64Array.from(parts.flatMap(({ auroc }) => [...auroc])),
    ...joinOutcomes(parts),
  };
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
