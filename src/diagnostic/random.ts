import seedrandom from 'seedrandom';

/** Uniform numbers in [0, 1) that depend on the key alone. */
export type Random = () => number;

/**
 * A generator of its own for every purpose, so that adding one analysis never changes the numbers of another.
 *
 * Alea (Baagøe 2010) rather than seedrandom's default ARC4: six times faster, and nothing here needs cryptography.
 *
 * @param key what the numbers are for, e.g. `7/shuffle/audio/41`
 */
export function randomFor(...key: readonly (string | number)[]): Random {
  return seedrandom.alea(key.join('/'));
}

/** A uniform permutation of 0..size-1 (Fisher and Yates, in Durstenfeld's form). */
export function permutation(size: number, random: Random): Uint32Array {
  const order = new Uint32Array(size);
  for (let i = 1; i < size; i++) {
    const j = Math.floor(random() * (i + 1));
    order[i] = order[j];
    order[j] = i;
  }
  return order;
}
