import { shuffledScores } from '../src/diagnostic/broken-scores.ts';
import { predictedFrom } from '../src/diagnostic/gauge.ts';
import { METRICS } from '../src/diagnostic/metrics/metric-table.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { mean } from '../src/diagnostic/spread.ts';
import type { Reliability } from '../src/model/frozen-fusion.ts';
import { freeze } from './freeze.ts';
import { sample, structureOf, type Population, type StudiedMetric } from './population.ts';

/** Examples at a time. */
const CHUNK = 50_000;
/** How often: of two million examples the gap is known to about 0.0003. */
const CHUNKS = 40;
/** Of half a million: enough for a point of a curve. */
export const FEW_CHUNKS = 10;

/**
 * The gap of the whole population. Scores that say nothing, and nothing of each other either, may be exchanged without any
 * difference: then it is 0. Otherwise it is that of a sample so large that its error does not matter.
 */
export async function trueGap(
  population: Population,
  metric: StudiedMetric,
  chunks = CHUNKS,
): Promise<number> {
  const { auroc, shared = 0 } = population;
  if (shared === 0 && auroc.every((area) => area === 0.5)) return 0;
  const gaps: number[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) gaps.push(await gapOfChunk(population, metric, chunk));
  return mean(gaps);
}

async function gapOfChunk(population: Population, name: StudiedMetric, chunk: number): Promise<number> {
  const data = sample(population, CHUNK, randomFor('study', 'true gap', chunk));
  const fusion = freeze(population, data);
  const metric = METRICS[name];
  const measure = metric.prepare({ labels: data.labels, classes: fusion.classes });
  const value = async (scores: Reliability) => measure(predictedFrom(await fusion.replay(scores), fusion))!;
  const { within, whole } = structureOf(population, data);
  const plan = { scheme: 'independent', count: 1, seed: chunk, stream: 'true gap', within, whole } as const;
  const broken = shuffledScores(data.reliability, fusion.modalities, plan).draw(0);
  const gap = (await value(data.reliability)) - (await value(broken));
  return metric.better === 'higher' ? gap : -gap;
}
