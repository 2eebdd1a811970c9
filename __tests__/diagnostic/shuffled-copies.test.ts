import { expect, it } from 'vitest';

import { shuffleInto } from '../../src/diagnostic/random.ts';
import { shuffledCopies } from '../../src/diagnostic/shuffled-copies.ts';

// Beyond 2^21 the numbers are left to shuffleInto, which the tests of random.ts hold against the generator itself.
it.each([1, 2, 3, 17, 10_000, 2 ** 21, 2 ** 21 + 1])(
  '%s numbers are shuffled as shuffleInto does',
  (size) => {
    const values = Float64Array.from({ length: size }, (_, i) => i + 0.5);
    const shuffle = shuffledCopies(values);
    const expected = new Float64Array(size);
    for (const key of [
      [0, 'shuffle', 0, 'audio'],
      [7, 'shuffle', 41, 'vidéo'],
    ]) {
      shuffleInto(values, expected, ...key);
      const found = shuffle(...key);
      expect(found.every((value, i) => value === expected[i])).toBe(true);
    }
  },
);

it('no numbers are shuffled too', () => {
  expect(shuffledCopies(new Float64Array())('any')).toHaveLength(0);
});
