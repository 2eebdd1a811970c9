import { describe, expect, it } from 'vitest';

import { RULES, type RuleName } from '../../../src/config/schema.ts';
import { shuffledScores } from '../../../src/diagnostic/broken-scores.ts';
import { randomFor } from '../../../src/diagnostic/random.ts';
import { decide } from '../../../src/model/decision.ts';
import { freezeFusion } from '../../../src/model/cached-experts/freeze-fusion.ts';
import { fusionGate, inMemory } from './in-memory.ts';

const NAMES = ['a', 'b', 'c'];
const ROWS = 60;
const random = randomFor('absent experts');
const LABELS = Array.from({ length: ROWS }, (_, i) => i % 3);
/** Each row has one, two or three of the modalities. */
const PRESENT = NAMES.map((_, m) => LABELS.map((_, i) => Number((((i % 7) + 1) & (1 << m)) !== 0)));
const SCORES = NAMES.map((_, m) =>
  LABELS.map((_, i) => (PRESENT[m][i] === 0 ? NaN : i % 10 === 0 ? 0 : random())),
);

function posteriors(width: number, m: number): number[] {
  return LABELS.flatMap((_, i) => {
    const row = Array.from({ length: width }, () => 0.05 + random());
    const sum = row.reduce((a, b) => a + b);
    if (PRESENT[m][i] === 0) return row.map(() => NaN);
    return width === 1 ? row.map((p) => p / 1.05) : row.map((p) => p / sum);
  });
}

const ROUTER = {
  W: Float64Array.from({ length: 18 }, () => random() - 0.5),
  b: Float64Array.from({ length: 3 }, () => random() - 0.5),
};

async function frozen(rule: RuleName, width: number, experts: readonly number[][]) {
  const columns = Object.fromEntries(
    NAMES.flatMap((name, m) => [
      [`Q_${name}`, { width: 1, values: SCORES[m] }],
      [`p_${name}`, { width, values: experts[m] }],
    ]),
  );
  const data = { ...inMemory(columns), presence: PRESENT.map((present) => Uint8Array.from(present)) };
  return freezeFusion(fusionGate(NAMES, { rule, temperature: 0.4 }), data, {
    temperature: 0.4,
    router: ROUTER,
  });
}

/** By hand: the rules over the experts that are present, as their table in the README has them. */
function byHand(
  rule: RuleName,
  q: readonly number[],
  p: readonly number[][],
  who: readonly number[],
): number[] {
  const width = p[0].length;
  const clip = (x: number) => Math.min(1 - 1e-6, Math.max(1e-6, x));
  const logits = p.map((row) =>
    width === 1 ? row.map((x) => Math.log(clip(x) / (1 - clip(x)))) : row.map((x) => Math.log(clip(x))),
  );
  const sum = (of: readonly number[][], weights: readonly number[]) =>
    Array.from({ length: width }, (_, c) => of.reduce((total, row, m) => total + weights[m] * row[c], 0));
  const softmax = (z: readonly number[]) => {
    const exps = z.map(Math.exp);
    return exps.map((e) => e / exps.reduce((a, b) => a + b));
  };
  const total = q.reduce((a, b) => a + b);
  const shares = q.map((score) => (total > 0 ? score / total : 1 / q.length));
  const wide = p.map((row) => (width === 1 ? [1 - row[0], row[0]] : row));
  switch (rule) {
    case 'weighted-mean':
      return sum(p, shares);
    case 'softmax':
      return sum(p, softmax(q.map((score) => score / 0.4)));
    case 'hard':
      return p[q.indexOf(Math.max(...q))];
    case 'product-of-experts':
      return sum(logits, shares);
    case 'logit-sum':
      return sum(logits, q);
    case 'linear-router': {
      const gates = who.map((to) => {
        const from = who.reduce((z, m, i) => z + ROUTER.W[m * 3 + to] + q[i] * ROUTER.W[(3 + m) * 3 + to], 0);
        return from + ROUTER.b[to];
      });
      return sum(logits, softmax(gates));
    }
    case 'dempster': {
      const classes = wide[0].length;
      let [mass, unknown] = [new Array<number>(classes).fill(0), 1];
      wide.forEach((row, m) => {
        const [own, free] = [row.map((x) => (1 - q[m]) * x), q[m]];
        const agreed = mass.map((x, c) => x * own[c] + x * free + own[c] * unknown);
        const all = agreed.reduce((a, b) => a + b, unknown * free);
        [mass, unknown] = [agreed.map((x) => x / all), (unknown * free) / all];
      });
      return mass.map((x) => x + unknown / classes);
    }
  }
}

describe.each(RULES)('%s', (rule) => {
  it.each([1, 2, 3])('leaves absent experts out (%i columns)', async (width) => {
    const experts = NAMES.map((_, m) => posteriors(width, m));
    const fusion = await frozen(rule, width, experts);
    const fused = await fusion.replay(fusion.reliability);
    const given = fused.length / ROWS;
    for (let i = 0; i < ROWS; i++) {
      const who = [0, 1, 2].filter((m) => PRESENT[m][i] === 1);
      const rows = who.map((m) => experts[m].slice(i * width, (i + 1) * width));
      const wanted = byHand(
        rule,
        who.map((m) => SCORES[m][i]),
        rows,
        who,
      );
      wanted.forEach((value, c) => {
        expect(fused[i * given + c]).toBeCloseTo(value, 10);
      });
    }
    expect(fusion.experts!.map(({ classes }) => [...classes].map((c) => Number(c !== -1)))).toEqual(PRESENT);
  });

  it('predicts what it fuses, for every shuffle', async () => {
    const fusion = await frozen(
      rule,
      2,
      NAMES.map((_, m) => posteriors(2, m)),
    );
    const plan = { scheme: 'independent', count: 20, seed: 1, stream: 's' } as const;
    const broken = shuffledScores(fusion.reliability, NAMES, plan);
    for (let k = 0; k < 20; k++) {
      const drawn = broken.draw(k);
      const outputs = await fusion.replay(drawn);
      expect([...(await fusion.predict(drawn))]).toEqual([...decide(outputs, 2, fusion.decision)]);
    }
  });
});
