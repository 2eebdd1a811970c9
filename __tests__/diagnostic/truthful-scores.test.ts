import { describe, expect, it } from 'vitest';

import {
  canTell,
  levelsOf,
  mixedScores,
  scoresFor,
  truthfulScores,
  type Truths,
} from '../../src/diagnostic/truthful-scores.ts';

const QUANTILES = [0.05, 0.95] as const;
const scores = (values: readonly number[], width = 1) => ({ width, values: Float64Array.from(values) });
const plain = ({ trusted, distrusted }: { trusted: Float64Array; distrusted: Float64Array }) => ({
  trusted: [...trusted],
  distrusted: [...distrusted],
});

describe('levelsOf', () => {
  const hundred = Array.from({ length: 101 }, (_, i) => (i * 37) % 101);

  it("are a low and a high quantile of the modality's own scores", () => {
    expect(plain(levelsOf(scores(hundred), QUANTILES, 'high'))).toEqual({ trusted: [95], distrusted: [5] });
    expect(plain(levelsOf(scores(hundred), QUANTILES, 'low'))).toEqual({ trusted: [5], distrusted: [95] });
  });

  it('are the extremes where both quantiles are the same value', () => {
    const mostlyOne = [0.2, ...Array.from({ length: 100 }, () => 1)];
    expect(plain(levelsOf(scores(mostlyOne), QUANTILES, 'high'))).toEqual({
      trusted: [1],
      distrusted: [0.2],
    });
  });

  it('are taken per component of a vector', () => {
    const pairs = hundred.flatMap((value) => [value, -10 * value]);
    expect(plain(levelsOf(scores(pairs, 2), QUANTILES, 'high'))).toEqual({
      trusted: [95, -50],
      distrusted: [5, -950],
    });
  });

  it('are one level for constant scores, which can tell nothing', () => {
    const levels = levelsOf(scores([3, 3, 3]), QUANTILES, 'high');
    expect(plain(levels)).toEqual({ trusted: [3], distrusted: [3] });
    expect(canTell(Float64Array.of(1, 0, 1), levels)).toBe(false);
  });
});

describe('truthful scores', () => {
  const levels = { trusted: Float64Array.of(9, 8), distrusted: Float64Array.of(1, 2) };

  it('say of each row whether to trust it', () => {
    expect([...scoresFor(Float64Array.of(1, 0, 1), levels).values]).toEqual([9, 8, 1, 2, 9, 8]);
  });

  it('need rows to trust and rows not to', () => {
    expect(canTell(Float64Array.of(1, 0), levels)).toBe(true);
    expect(canTell(Float64Array.of(1, 1), levels)).toBe(false);
    expect(canTell(Float64Array.of(0, 0), levels)).toBe(false);
  });

  it('need them within one group', () => {
    const truth = Float64Array.of(1, 0, 1, 0);
    expect(canTell(truth, levels, { within: Int32Array.of(0, 1, 0, 1) })).toBe(false);
    expect(canTell(truth, levels, { within: Int32Array.of(0, 0, 1, 2) })).toBe(true);
  });
});

describe('mixed scores', () => {
  const rows = 200;
  const one = { trusted: Float64Array.of(1), distrusted: Float64Array.of(0) };
  const truths: Truths = {
    modalities: ['audio', 'video', 'text'],
    truth: [
      Float64Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? 0 : 1)),
      Float64Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 0 : 1)),
      new Float64Array(rows).fill(1),
    ],
    levels: [one, one, one],
    tested: [0, 1],
  };
  const key = { seed: 5, stream: 'test', scheme: 'independent' } as const;
  const mix = (dose: number, repeat: number, scheme: 'independent' | 'joint' = 'independent') =>
    mixedScores(truths, dose, repeat, { ...key, scheme });
  const truthfulRows = (dose: number, repeat: number, m: number) =>
    [...mix(dose, repeat).scores[m].values].map((value, i) => value === truths.truth[m][i]);

  it.each([0, 0.25, 0.5, 0.75, 1])('have an expected AUROC of 0.5 + dose / 2 at a dose of %s', (dose) => {
    const repeats = 400;
    let sum = 0;
    for (let repeat = 0; repeat < repeats; repeat++) sum += mix(dose, repeat).auroc;
    // A shuffled binary score of 200 rows has an AUROC with a standard deviation of at most 0.05.
    expect(Math.abs(sum / repeats - (0.5 + dose / 2))).toBeLessThan((4 * 0.05) / Math.sqrt(repeats) + 1e-12);
  });

  it('have the AUROC of what they say, the mean over the modalities under test', () => {
    const { scores, auroc } = mix(0.5, 7);
    const areas = [0, 1].map((m) => {
      const [right, wrong] = [1, 0].map((value) =>
        scores[m].values.filter((_, i) => truths.truth[m][i] === value),
      );
      let sum = 0;
      for (const high of right) for (const low of wrong) sum += high > low ? 1 : high === low ? 0.5 : 0;
      return sum / (right.length * wrong.length);
    });
    expect(auroc).toBeCloseTo((areas[0] + areas[1]) / 2, 12);
  });

  it('are the truth itself at a dose of 1', () => {
    expect(mix(1, 3).scores).toEqual(truthfulScores(truths));
    expect(mix(1, 3).auroc).toBe(1);
  });

  it('keep how often each level occurs', () => {
    for (const dose of [0, 0.3, 0.75]) {
      mix(dose, 1).scores.forEach(({ values }, m) => {
        expect(values.filter((value) => value === 1)).toHaveLength(
          truths.truth[m].filter((value) => value === 1).length,
        );
      });
    }
  });

  it('keep within each group how often each level occurs', () => {
    const within = Int32Array.from({ length: rows }, (_, i) => i % 7);
    const key = { seed: 5, stream: 'test', scheme: 'independent', within } as const;
    for (const dose of [0, 0.5]) {
      mixedScores(truths, dose, 1, key).scores.forEach(({ values }, m) => {
        const trustedIn = (of: Float64Array) =>
          Array.from({ length: 7 }, (_, group) =>
            of.reduce((sum, value, i) => sum + (within[i] === group ? value : 0), 0),
          );
        expect(trustedIn(values)).toEqual(trustedIn(truths.truth[m]));
      });
    }
  });

  it('leave a modality that is not under test as its truth says', () => {
    expect([...mix(0, 0).scores[2].values]).toEqual([...truths.truth[2]]);
  });

  it('are truthful on at least a share `dose` of the rows', () => {
    expect(truthfulRows(0.75, 2, 1).filter(Boolean).length).toBeGreaterThanOrEqual(0.75 * rows);
    expect(truthfulRows(0, 2, 1).filter(Boolean).length).toBeLessThan(0.75 * rows);
  });

  it('never lose by more dose a truth that a dose guarantees', () => {
    // A row that is wrong at a dose is not among those that the dose made truthful, and so at no smaller dose.
    for (const m of [0, 1]) {
      const keptAt = (dose: number) => {
        const always = Array.from({ length: rows }, () => true);
        // The same repeat draws the same nested sets; other doses draw other shuffles of the rest.
        for (const other of [dose, dose + 0.01, dose + 0.02, dose + 0.03, dose + 0.04]) {
          truthfulRows(other, 4, m).forEach((isTrue, i) => (always[i] &&= isTrue));
        }
        return always.filter(Boolean).length;
      };
      expect(keptAt(0.5)).toBeGreaterThanOrEqual(0.5 * rows);
      expect(keptAt(0.25)).toBeGreaterThanOrEqual(0.25 * rows);
    }
  });

  it('mix different rows per modality and repeat, or the same rows where the scheme is joint', () => {
    expect(truthfulRows(0.5, 0, 0)).not.toEqual(truthfulRows(0.5, 1, 0));
    const alike: Truths = { ...truths, truth: truths.truth.map(() => truths.truth[1]), tested: [0, 1, 2] };
    const [a, b, c] = mixedScores(alike, 0.5, 0, { ...key, scheme: 'joint' }).scores;
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    const [d, e] = mixedScores(alike, 0.5, 0, key).scores;
    expect(e).not.toEqual(d);
  });
});
