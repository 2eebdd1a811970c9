import type { Progress } from '../foundation/logger.ts';
import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { BrokenScores } from './broken-scores.ts';
import { countHits, type Cells } from './cells.ts';
import type { Targets } from './examples.ts';
import type { Gauge } from './gauge.ts';
import type { Predicted } from './gauge-units.ts';
import type { Outcomes } from './outcomes.ts';
import type { SliceDraws, Slicing } from './slices.ts';
import { predictOne } from './predict.ts';
import type { DrawRange, Shard } from './shard.ts';
import type { Yardstick } from './yardstick.ts';

/** A frozen fusion, and what it is judged by. */
export interface Examined {
  readonly fusion: FrozenFusion;
  readonly targets: Targets;
  readonly cells: Cells;
  /** The gating metric. */
  readonly yardstick: Yardstick;
  /** What is taken of every set of predictions besides counts: where the gating metric is a gauge, it is the first. */
  readonly gauges: readonly Gauge[];
  /** Advances by one with every replay of a shuffle. */
  readonly progress: Progress;
  /** Whose draws are made here. Default: all. */
  readonly shard?: Shard;
  /** Makes draws and counts what they give. */
  readonly tally: TallyDraws;
}

/** What draws of Broken-Q gave, one draw after the other. */
export interface Draws extends Outcomes {
  /** Examples whose class, value or label set is not that of Clean-Q, per draw [draws]. */
  readonly flipped: Uint32Array;
  /**
   * Mean absolute distance of the values from those of Clean-Q, or share of the labels that are others, per draw [draws]; empty
   * where they are classes.
   */
  readonly moved: Float64Array;
  /** Draws in which each example was right [N]. */
  readonly right: Uint32Array;
  /** By column, where slices are asked for. */
  readonly slices?: readonly SliceDraws[];
}

/** Which draws of which scores. */
export interface DrawRequest {
  readonly broken: BrokenScores;
  readonly range: DrawRange;
  /** Index of the single modality to shuffle; default: all. */
  readonly only?: number;
  /** Sums of the units of each gauge over the draws, to be added to [G][U]. Default: nobody asks. */
  readonly units?: readonly Float64Array[];
  /** Slices that are counted besides. Default: nobody asks. */
  readonly slices?: readonly Slicing[];
}

/**
 * Makes draws and counts what they give: the same counts in the same order, wherever it is done.
 *
 * @param clean what is predicted with Clean-Q
 */
export type TallyDraws = (examined: Examined, clean: Predicted, request: DrawRequest) => Promise<Draws>;

/** The predictions for one set of scores, and how good they are. */
export interface Measured extends Outcomes {
  readonly predicted: Predicted;
}

export async function measure(
  { fusion, cells, gauges }: Pick<Examined, 'fusion' | 'cells' | 'gauges'>,
  scores: Reliability,
): Promise<Measured> {
  const predicted = await predictOne(fusion, gauges, scores);
  return {
    predicted: { ...predicted, classes: predicted.classes.slice() },
    hits: countHits(predicted.classes, cells),
    values: gaugeValues(gauges, predicted),
  };
}

/** What the gauges give in each fold [G * F]. */
export function gaugeValues(gauges: readonly Gauge[], predicted: Predicted): Float64Array {
  return Float64Array.from(gauges.flatMap((gauge) => [...gauge.values(predicted)]));
}
