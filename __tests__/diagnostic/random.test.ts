import { describe, expect, it } from 'vitest';

import { shuffledScores } from '../../src/diagnostic/broken-scores.ts';
import { permutation, randomFor, shuffleInto } from '../../src/diagnostic/random.ts';
import type { Reliability } from '../../src/model/frozen-fusion.ts';

/** Pearson's statistic of counts that should all be the same. */
function chiSquare(counts: ReadonlyMap<string, number>, cells: number): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const expected = total / cells;
  const seen = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return seen + (cells - counts.size) * expected;
}

function tally(draws: number, draw: (k: number) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let k = 0; k < draws; k++) {
    const key = draw(k);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

describe('permutation', () => {
  it('depends on its key and on nothing else', () => {
    const first = permutation(50, 7, 'shuffle', 3, 'audio');
    permutation(50, 8, 'shuffle', 3, 'audio');
    expect(permutation(50, 7, 'shuffle', 3, 'audio')).toEqual(first);
    for (const key of [
      [8, 'shuffle', 3, 'audio'],
      [7, 'other', 3, 'audio'],
      [7, 'shuffle', 4, 'audio'],
      [7, 'shuffle', 3, 'video'],
    ]) {
      expect(permutation(50, ...key)).not.toEqual(first);
    }
  });

  it('holds every index once', () => {
    for (const size of [0, 1, 2, 3, 1000]) {
      expect([...permutation(size, 'any')].sort((a, b) => a - b)).toEqual(
        Array.from({ length: size }, (_, i) => i),
      );
    }
  });

  // One draw per key, because that is how shuffles are drawn: it is the seeding that has to be uniform.
  it('is uniform over all 24 orders of four, over keys', () => {
    const counts = tally(24_000, (k) => permutation(4, 7, 'shuffle', k, 'audio').join(''));
    // 99.9 % of a chi-square with 23 degrees of freedom.
    expect(chiSquare(counts, 24)).toBeLessThan(49.73);
  });

  // 99.9 % of a chi-square with 35 degrees of freedom.
  const CRITICAL_36_CELLS = 66.62;

  it('is independent between modalities of one shuffle', () => {
    const counts = tally(36_000, (k) =>
      ['audio', 'video'].map((name) => permutation(3, 7, 'shuffle', k, name).join('')).join(' '),
    );
    expect(chiSquare(counts, 36)).toBeLessThan(CRITICAL_36_CELLS);
  });

  it('is independent between one shuffle and the next', () => {
    const counts = tally(36_000, (k) =>
      [2 * k, 2 * k + 1].map((draw) => permutation(3, 7, 'shuffle', draw, 'audio').join('')).join(' '),
    );
    expect(chiSquare(counts, 36)).toBeLessThan(CRITICAL_36_CELLS);
  });

  it('is independent between neighbouring seeds', () => {
    const counts = tally(36_000, (k) =>
      [2 * k, 2 * k + 1].map((seed) => permutation(3, seed, 'shuffle', 0, 'audio').join('')).join(' '),
    );
    expect(chiSquare(counts, 36)).toBeLessThan(CRITICAL_36_CELLS);
  });
});

it('shuffleInto draws what Fisher and Yates draw from the same generator', () => {
  const values = Float64Array.from({ length: 500 }, (_, i) => i ** 2);
  const random = randomFor(3, 'x', 1);
  const expected: number[] = [];
  values.forEach((value, i) => {
    const j = i === 0 ? 0 : Math.floor(random() * (i + 1));
    expected[i] = expected[j];
    expected[j] = value;
  });
  const target = new Float64Array(500);
  shuffleInto(values, target, 3, 'x', 1);
  expect([...target]).toEqual(expected);
});

describe('shuffledScores', () => {
  const plan = { scheme: 'independent', count: 5, seed: 7, stream: 'shuffle' } as const;
  const scoresOf = (names: readonly string[], width = 1): Reliability =>
    names.map((name) => ({
      width,
      values: Float64Array.from({ length: 30 * width }, (_, i) => i + name.charCodeAt(0) * 1000),
    }));
  const draw = (
    names: readonly string[],
    changes: Partial<{ scheme: 'independent' | 'joint'; within: Int32Array }> = {},
    width = 1,
  ) => {
    const scores = shuffledScores(scoresOf(names, width), names, { ...plan, ...changes }).draw(2);
    return new Map(names.map((name, m) => [name, [...scores[m].values]]));
  };

  it('shuffles a modality the same, whichever others there are and in whatever order', () => {
    const pair = draw(['a', 'b']);
    for (const names of [
      ['b', 'a'],
      ['c', 'b', 'a'],
      ['a', 'c', 'd', 'b'],
    ]) {
      const others = draw(names);
      expect(others.get('a')).toEqual(pair.get('a'));
      expect(others.get('b')).toEqual(pair.get('b'));
    }
  });

  it('shuffles a vector as the number that stands for it', () => {
    const rowsOf = (values: readonly number[]) =>
      values.filter((_, i) => i % 2 === 0).map((value) => (value - 97000) / 2);
    const pairs = draw(['a'], {}, 2).get('a')!;
    expect(pairs.every((value, i) => i % 2 === 0 || value === pairs[i - 1] + 1)).toBe(true);
    expect(rowsOf(pairs)).toEqual(
      draw(['a'])
        .get('a')!
        .map((value) => value - 97000),
    );
  });

  it('moves whole rows where the scheme is joint, and only then', () => {
    const offsets = (scores: Map<string, number[]>) =>
      scores.get('b')!.map((value, i) => value - scores.get('a')![i]);
    expect(new Set(offsets(draw(['a', 'b'], { scheme: 'joint' })))).toEqual(new Set([1000]));
    expect(new Set(offsets(draw(['a', 'b']))).size).toBeGreaterThan(10);
  });

  it('leaves the other modalities alone where only one is asked for', () => {
    const clean = scoresOf(['a', 'b']);
    const [a, b] = shuffledScores(clean, ['a', 'b'], plan).draw(2, 1);
    expect(a).toBe(clean[0]);
    expect([...b.values]).toEqual(draw(['a', 'b']).get('b'));
  });

  const thirds = Int32Array.from({ length: 30 }, (_, i) => i % 3);

  it.each([1, 2])('keeps scores of %s numbers in their group', (width) => {
    for (const scheme of ['independent', 'joint'] as const) {
      const drawn = draw(['a', 'b'], { scheme, within: thirds }, width);
      for (const [name, values] of drawn) {
        const [clean] = scoresOf([name], width);
        expect(values).not.toEqual([...clean.values]);
        expect(values.toSorted((x, y) => x - y)).toEqual([...clean.values]);
        const rowFrom = values.map((value) => Math.floor((value - clean.values[0]) / width));
        expect(rowFrom.every((from, i) => from % 3 === Math.floor(i / width) % 3)).toBe(true);
      }
    }
  });

  it('moves whole rows within groups too', () => {
    const drawn = draw(['a', 'b'], { scheme: 'joint', within: thirds });
    expect(drawn.get('b')!.every((value, i) => value === drawn.get('a')![i] + 1000)).toBe(true);
  });

  it('draws the same without groups and with a single one', () => {
    expect(draw(['a', 'b'], { within: new Int32Array(30) })).toEqual(draw(['a', 'b']));
    expect(draw(['a', 'b'], { within: new Int32Array(30) }, 2)).toEqual(draw(['a', 'b'], {}, 2));
  });

  it('never writes to the clean scores', () => {
    const clean = scoresOf(['a', 'b']);
    const broken = shuffledScores(clean, ['a', 'b'], plan);
    for (let k = 0; k < 5; k++) broken.draw(k);
    expect(clean).toEqual(scoresOf(['a', 'b']));
  });
});
