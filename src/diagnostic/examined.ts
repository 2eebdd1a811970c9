import type { Progress } from '../foundation/logger.ts';
import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import type { BrokenScores } from './broken-scores.ts';
import { countHits, type Metric } from './metric.ts';
import type { DrawRange, Shard } from './shard.ts';

/** A frozen fusion, and what it is judged by. */
export interface Examined {
  readonly fusion: FrozenFusion;
  /** True classes [N]. */
  readonly labels: Int32Array;
  readonly metric: Metric;
  /** Advances by one with every replay of a shuffle. */
  readonly progress: Progress;
  /** Whose draws are made here. Default: all. */
  readonly shard?: Shard;
  /** Makes draws and counts what they give. */
  readonly tally: TallyDraws;
}

/** What draws of Broken-Q gave, one draw after the other. */
export interface Draws {
  /** Right predictions per class of each draw [draws * C]. */
  readonly hits: Uint32Array;
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
}

/**
 * Makes draws and counts what they give: the same counts in the same order, wherever it is done.
 *
 * @param clean classes that are predicted with Clean-Q [N]
 */
export type TallyDraws = (examined: Examined, clean: Int32Array, request: DrawRequest) => Promise<Draws>;

/** The predictions for one set of scores, and how good they are, exactly. */
export interface Measured {
  readonly predicted: Int32Array;
  /** Right predictions per class [C]. */
  readonly hits: Uint32Array;
  readonly numerator: bigint;
}

export async function measure({ fusion, labels, metric }: Examined, scores: Reliability): Promise<Measured> {
  const predicted = (await fusion.predict(scores)).slice();
  const hits = countHits(predicted, labels, fusion.classes);
  return { predicted, hits, numerator: metric.numerator(hits) };
}
