/**
 * Share of the beta distribution with shapes a and b that lies below x: the regularised incomplete beta function I_x(a, b).
 *
 * By its continued fraction (DLMF 8.17.22) on the side where that converges fast, evaluated after Lentz.
 *
 * @param a positive
 * @param b positive
 */
export function betaCdf(x: number, a: number, b: number): number {
  return x <= 0 || x >= 1 ? Number(x >= 1) : incompleteBeta(x, 1 - x, a, b);
}

/** I_x(a, b) in 0 < x < 1, with 1 - x to all its digits where that is what is small. */
function incompleteBeta(x: number, rest: number, a: number, b: number): number {
  const [logX, logRest] = x < rest ? [Math.log(x), Math.log1p(-x)] : [Math.log1p(-rest), Math.log(rest)];
  const front = Math.exp(a * logX + b * logRest - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) return (front * continuedFraction(x, a, b)) / a;
  return 1 - (front * continuedFraction(rest, b, a)) / b;
}

/** The x below which a share p of the beta distribution lies: by bisection, as many steps as a float has places. */
export function betaQuantile(p: number, a: number, b: number): number {
  let [low, middle, high] = [0, 0.5, 1];
  while (middle > low && middle < high) {
    if (betaCdf(middle, a, b) < p) low = middle;
    else high = middle;
    middle = (low + high) / 2;
  }
  return middle;
}

/**
 * Share of Student's t distribution that lies below t (DLMF 8.17.i with Abramowitz and Stegun 1964, 26.7.1).
 *
 * @param degrees of freedom, positive
 */
export function studentCdf(t: number, degrees: number): number {
  if (t === 0) return 0.5;
  const square = t * t;
  const whole = degrees + square;
  const bothTails = incompleteBeta(degrees / whole, square / whole, degrees / 2, 0.5);
  return t < 0 ? bothTails / 2 : 1 - bothTails / 2;
}

/** A denominator of 0 would end Lentz's recurrence. */
const TINY = 1e-300;

function continuedFraction(x: number, a: number, b: number): number {
  let [c, d] = [1, 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))];
  let value = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const coefficient of [even, odd]) {
      d = 1 / awayFromZero(1 + coefficient * d);
      c = awayFromZero(1 + coefficient / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/**
 * log B(a, b). The large terms of Stirling's formula are joined before they are rounded, so that shapes of 1e5 leave as many
 * digits as shapes of 1.
 */
function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  const sum = small + large;
  if (small < ASYMPTOTIC) {
    // Gamma(x) = Gamma(x + 1) / x, until Stirling's series is exact.
    return logBeta(small + 1, large) + Math.log(sum / small);
  }
  const series = stirlingRest(small) + stirlingRest(large) - stirlingRest(sum);
  return (
    series +
    0.5 * Math.log((2 * Math.PI * sum) / (small * large)) +
    small * Math.log(small / sum) +
    large * Math.log1p(-small / sum)
  );
}

const ASYMPTOTIC = 16;

/** log Gamma(x) less (x - 1/2) log x - x + log(2 pi) / 2, for x of at least `ASYMPTOTIC` (DLMF 5.11.1). */
function stirlingRest(x: number): number {
  const square = x * x;
  const terms = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360];
  return terms.reduceRight((rest, term) => term + rest / square, 0) / x;
}
