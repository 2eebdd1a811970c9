import type { Progress } from '../foundation/logger.ts';
import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { BrokenScores } from './broken-scores.ts';
import { countHits, type Cells } from './cells.ts';
import type { Gauge } from './gauge.ts';
import type { Predicted } from './gauge-units.ts';
import type { Outcomes } from './outcomes.ts';
import { predictOne } from './predict.ts';
import type { DrawRange, Shard } from './shard.ts';
import type { Yardstick } from './yardstick.ts';

/** A frozen fusion, and what it is judged by. */
export interface Examined {
  readonly fusion: FrozenFusion;
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
  /** Examples whose class is not that of Clean-Q, per draw [draws]. */
  readonly flipped: Uint32Array;
  /** Draws in which each example was right [N]. */
  readonly right: Uint32Array;
}

/** Which draws of which scores. */
export interface DrawRequest {
  readonly broken: BrokenScores;
  readonly range: DrawRange;
  /** Index of the single modality to shuffle; default: all. */
  readonly only?: number;
  /** Sums of the units of each gauge over the draws, to be added to [G][U]. Default: nobody asks. */
  readonly units?: readonly Float64Array[];
}

/**
 * Makes draws and counts what they give: the same counts in the same order, wherever it is done.
 *
 * @param clean classes that are predicted with Clean-Q [N]
 */
export type TallyDraws = (examined: Examined, clean: Int32Array, request: DrawRequest) => Promise<Draws>;

/** The predictions for one set of scores, and how good they are. */
export interface Measured extends Outcomes {
  /** Predicted classes [N]. */
  readonly predicted: Int32Array;
  /** Posteriors [N * C]; empty where no gauge needs them. */
  readonly posteriors: Float64Array;
}

export async function measure(
  { fusion, cells, gauges }: Pick<Examined, 'fusion' | 'cells' | 'gauges'>,
  scores: Reliability,
): Promise<Measured> {
  const predicted = await predictOne(fusion, gauges, scores);
  return {
    predicted: predicted.classes.slice(),
    posteriors: predicted.posteriors,
    hits: countHits(predicted.classes, cells),
    values: gaugeValues(gauges, predicted),
  };
}

/** What the gauges give in each fold [G * F]. */
export function gaugeValues(gauges: readonly Gauge[], predicted: Predicted): Float64Array {
  return Float64Array.from(gauges.flatMap((gauge) => [...gauge.values(predicted)]));
}
