/** What `draw-threads.test.ts` bundles: makes draws of cached experts and prints what they gave, and who made them. */
import { createHash } from 'node:crypto';

import { RULES } from '../../src/config/schema.ts';
import { shuffledScores } from '../../src/diagnostic/broken-scores.ts';
import { cellsOf } from '../../src/diagnostic/cells.ts';
import { targetsOf } from '../../src/diagnostic/examples.ts';
import { measure, type Examined } from '../../src/diagnostic/examined.ts';
import { yardstickFor } from '../../src/diagnostic/yardstick.ts';
import { randomFor } from '../../src/diagnostic/random.ts';
import { drawsOf } from '../../src/diagnostic/shard.ts';
import { slicingFor } from '../../src/diagnostic/slices.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeFusion } from '../../src/model/cached-experts/freeze-fusion.ts';
import { openDrawThreads } from '../../src/parallel/draw-threads.ts';
import { fusionGate, inMemory } from '../model/cached-experts/in-memory.ts';

const [name, ...sizes] = process.argv.slice(2);
const [rows, classes, count, threads, groups, only, weighted] = sizes.map(Number);
const names = ['a', 'b', 'c'];
const random = randomFor('draws');
type Column = Parameters<typeof inMemory>[0][string];
const shares = (): number[] => {
  const values = Array.from({ length: classes }, random);
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
};
const columns: Record<string, Column> = Object.fromEntries(
  names.flatMap((modality): [string, Column][] => [
    [`p_${modality}`, { width: classes, values: Array.from({ length: rows }, shares).flat() }],
    [`Q_${modality}`, Array.from({ length: rows }, random)],
  ]),
);
const rule = RULES.find((known) => known === name)!;
const fusion = await freezeFusion(fusionGate(names, { rule }), inMemory(columns), { temperature: 1 });
const labels = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));

const weights = weighted === 1 ? Float64Array.from(labels, (_, i) => 2 ** 40 + i) : undefined;
const cells = cellsOf(labels, classes, undefined, weights);

let started = 0;
process.on('worker', () => started++);
let steps = 0;
const draws = openDrawThreads(threads);
const examined: Examined = {
  fusion,
  targets: targetsOf({ labels }, classes),
  cells,
  yardstick: yardstickFor('accuracy', cells),
  gauges: [],
  progress: {
    ...silentLogger.progress('', 0),
    advance: (more = 1) => {
      steps += more;
    },
  },
  tally: draws.tally,
};
const broken = shuffledScores(fusion.reliability, names, {
  scheme: 'independent',
  count,
  seed: 5,
  stream: 'test',
  within: groups > 1 ? Int32Array.from(labels, (_, i) => i % groups) : undefined,
});
const clean = await measure(examined, fusion.reliability);
const { predicted } = clean;
const slices = { column: 'third', of: Int32Array.from(labels, (_, i) => i % 3), names: ['0', '1', '2'] };
const range = drawsOf(count, { index: 2, of: 2 });
const slicings = [slicingFor(slices, undefined, examined, clean, { seed: 5 })];
const request = { broken, range, only, slices: slicings };
const { hits, flipped, right, slices: sliced = [] } = await draws.tally(examined, predicted, request);
const again = await draws.tally(examined, predicted, {
  ...request,
  range: { from: Math.max(range.from, range.until - 400), until: range.until },
});
await draws.close();
const counts = createHash('sha256')
  .update(hits)
  .update(flipped)
  .update(right)
  .update(again.hits)
  .update(sliced[0].hits)
  .digest('hex');
console.log(JSON.stringify({ started, steps, counts }));
