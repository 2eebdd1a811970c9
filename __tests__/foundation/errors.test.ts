import { describe, expect, it } from 'vitest';

import { didYouMean, enumerate, nearest } from '../../src/foundation/errors.ts';

describe('the nearest word', () => {
  it.each([
    ['Threshold', 'threshold', 'other case'],
    ['treshold', 'threshold', 'a letter lost'],
    ['audoi', 'audio', 'two letters swapped'],
    ['q_v', 'p_v', 'one letter of three'],
  ])('of %s is %s: %s', (word, match) => {
    expect(nearest(word, ['xxxx', match, 'elsewhere'])).toBe(match);
  });

  it.each([
    ['x', 'y', 'a word of one letter is no slip of another'],
    ['data', 'rate', 'two letters of four are too many'],
    ['model', 'metric', 'nor is any other word'],
  ])('of %s is not %s: %s', (word, other) => {
    expect(nearest(word, [other])).toBeUndefined();
  });
});

describe('a name of many letters', () => {
  const name = 'x'.repeat(400);

  it('is shortened in a sentence', () => {
    expect(enumerate(['q', name])).toBe(`q and ${'x'.repeat(300)}…`);
    expect(didYouMean(`${name}x`, [name])).toBe(` Did you mean "${'x'.repeat(300)}…"?`);
  });
});
