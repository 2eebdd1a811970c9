import { shuffledScores } from '../src/diagnostic/broken-scores.ts';
import { pInterval, P_CONFIDENCE } from '../src/diagnostic/monte-carlo.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import type { FrozenFusion, Reliability } from '../src/model/frozen-fusion.ts';
import { freeze } from './freeze.ts';
import { SHUFFLES } from './judge-data-set.ts';
import { sample, type Population } from './population.ts';
import type { Rate } from './rate.ts';

/** So few that all orders of the rows can be tried: 720. */
const ROWS = 6;
const ORDERS = ordersOf(Array.from({ length: ROWS }, (_, i) => i));

const POPULATION: Population = {
  rule: 'weighted-mean',
  classes: [0.5, 0.5],
  accuracy: 0.6,
  auroc: [0.8, 0.8],
  scores: 'smooth',
};

/** Whether the Monte-Carlo interval of p holds the share of all orders of the rows that are at least as good as theirs. */
export async function askPIntervals(sets: number): Promise<Rate[]> {
  let times = 0;
  for (let set = 0; set < sets; set++) {
    const { labels, ...data } = sample(POPULATION, ROWS, randomFor('study', 'p intervals', set));
    const fusion = freeze(POPULATION, { labels, ...data });
    const hits = (scores: Reliability) => hitsOf(fusion, labels, scores);
    const clean = await hits(data.reliability);
    let atLeast = 0;
    for (const order of ORDERS) atLeast += Number((await hits(reordered(data.reliability, order))) >= clean);
    const truth = atLeast / ORDERS.length;
    const { lower, upper } = pInterval(await sampledP(fusion, hits, clean, set), SHUFFLES);
    times += Number(lower <= truth && truth <= upper);
  }
  return [
    {
      data: `all orders of the rows, N = ${ROWS}`,
      what: 'interval of p holds the p of all orders',
      nominal: P_CONFIDENCE,
      mayErr: 'above',
      times,
      of: sets,
    },
  ];
}

async function sampledP(
  { reliability, modalities }: FrozenFusion,
  hits: (scores: Reliability) => Promise<number>,
  clean: number,
  seed: number,
): Promise<number> {
  const plan = { scheme: 'joint', count: SHUFFLES, seed, stream: 'study' } as const;
  const broken = shuffledScores(reliability, modalities, plan);
  let atLeast = 0;
  for (let k = 0; k < SHUFFLES; k++) atLeast += Number((await hits(broken.draw(k))) >= clean);
  return (1 + atLeast) / (SHUFFLES + 1);
}

async function hitsOf(fusion: FrozenFusion, labels: Int32Array, scores: Reliability): Promise<number> {
  const predicted = await fusion.predict(scores);
  return labels.filter((label, i) => label === predicted[i]).length;
}

function reordered(scores: Reliability, order: readonly number[]): Reliability {
  return scores.map(({ width, values }) => ({ width, values: Float64Array.from(order, (i) => values[i]) }));
}

function ordersOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
