/** Density of the standard normal distribution. */
function density(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** Where the tail's continued fraction takes over from the series about 0. */
const TAIL = 3;

/**
 * Share of the standard normal distribution that lies below z, to full precision in both tails.
 *
 * By the series of Marsaglia (2004, "Evaluating the normal distribution") near 0, and Laplace's continued fraction for the
 * tail (Abramowitz and Stegun 1964, 26.2.14) beyond.
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) > TAIL) return z < 0 ? upperTail(-z) : 1 - upperTail(z);
  let term = z;
  let sum = z;
  for (let n = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 + sum * density(z);
}

/** Share above z > 0. Sixty levels are enough from z = 3 on. */
function upperTail(z: number): number {
  let fraction = z;
  for (let level = 60; level > 0; level--) fraction = z + level / fraction;
  return density(z) / fraction;
}

/**
 * The z below which a share p of the standard normal distribution lies; infinite at 0 and 1.
 *
 * A first guess good to 5e-4 (Abramowitz and Stegun 1964, 26.2.23), then Halley's steps on `normalCdf`.
 */
export function normalQuantile(p: number): number {
  if (p <= 0 || p >= 1) return p <= 0 ? -Infinity : Infinity;
  // In the lower half, where p itself is exact.
  if (p > 0.5) return -normalQuantile(1 - p);
  let z = -upperGuess(p);
  for (let step = 0; step < 4; step++) {
    const off = (normalCdf(z) - p) / density(z);
    z -= off / (1 + (z * off) / 2);
  }
  return z;
}

function upperGuess(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - above / below;
}
