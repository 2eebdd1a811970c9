import type { FrozenFusion, Reliability } from '../model/frozen-fusion.ts';
import { predictedFrom, type Gauge } from './gauge.ts';
import { classesAlone, type Predicted } from './gauge-units.ts';
import type { DrawRange } from './shard.ts';

/** What the gauges need: classes alone, which a fusion often has faster, or more. */
type Needs = readonly Pick<Gauge, 'needs'>[];

/** What the fusion says with these scores; its next prediction may overwrite it. */
export async function predictOne(
  fusion: FrozenFusion,
  needs: Needs,
  scores: Reliability,
): Promise<Predicted> {
  return needOutputs(needs)
    ? predictedFrom(await fusion.replay(scores), fusion, needs)
    : classesAlone(await fusion.predict(scores));
}

/**
 * Predicts for one set of scores after the other, in order: one at a time, or as many as the fusion wants.
 *
 * @param scoresFor the scores of draw k, which the next ones may overwrite
 * @param see is given what is predicted in draw k, which the next ones may overwrite
 */
export async function predictEach(
  fusion: FrozenFusion,
  needs: Needs,
  { from, until }: DrawRange,
  scoresFor: (k: number) => Reliability,
  see: (predicted: Predicted, k: number) => void,
): Promise<void> {
  const { stacked } = fusion;
  if (stacked === undefined) {
    for (let k = from; k < until; k++) see(await predictOne(fusion, needs, scoresFor(k)), k);
    return;
  }
  for (let start = from; start < until; start += stacked.size) {
    const size = Math.min(stacked.size, until - start);
    const stack = Array.from({ length: size }, (_, i) => copyOf(scoresFor(start + i)));
    const predicted = needOutputs(needs)
      ? (await stacked.replay(stack)).map((outputs) => predictedFrom(outputs, fusion, needs))
      : (await stacked.predict(stack)).map(classesAlone);
    predicted.forEach((ofDraw, i) => {
      see(ofDraw, start + i);
    });
  }
}

function needOutputs(needs: Needs): boolean {
  return needs.some((gauge) => gauge.needs !== 'classes');
}

function copyOf(scores: Reliability): Reliability {
  return scores.map(({ width, values }) => ({ width, values: values.slice() }));
}
