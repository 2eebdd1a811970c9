/** An exact fraction, not in lowest terms; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The numbers as integers, all times the same power of two.
 *
 * Counts stay as they are. Sums of weights are floats, and every float is an integer over a power of two: ratios of them can
 * be had exactly, whatever the weights.
 */
export function asIntegers(values: Float64Array): bigint[] {
  const doubled = Array.from(values, doubledToInteger);
  const most = doubled.reduce((places, value) => Math.max(places, value.places), 0);
  return doubled.map(({ integer, places }) => BigInt(integer) << BigInt(most - places));
}

/** A finite number doubled `places` times, until it is an integer. */
function doubledToInteger(value: number): { integer: number; places: number } {
  let integer = value;
  let places = 0;
  while (Number.isFinite(integer) && !Number.isInteger(integer)) {
    integer *= 2;
    places++;
  }
  return { integer, places };
}

/** The exact sum. Terms over the same denominator meet first, and the rest in pairs, so that no number grows needlessly. */
export function sumOf(terms: readonly Fraction[]): Fraction {
  const numerators = new Map<bigint, bigint>();
  for (const { numerator, denominator } of terms) {
    numerators.set(denominator, (numerators.get(denominator) ?? 0n) + numerator);
  }
  let sums = [...numerators].map(([denominator, numerator]): Fraction => ({ numerator, denominator }));
  while (sums.length > 1) {
    sums = Array.from({ length: Math.ceil(sums.length / 2) }, (_, i) =>
      2 * i + 1 < sums.length ? plus(sums[2 * i], sums[2 * i + 1]) : sums[2 * i],
    );
  }
  return sums.at(0) ?? { numerator: 0n, denominator: 1n };
}

function plus(a: Fraction, b: Fraction): Fraction {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/**
 * The number nearest to a fraction that is not negative. Rounding once makes it a function of the fraction's value alone:
 * 1/3 and 2/6 give the same number, and a larger fraction never gives a smaller one.
 */
export function nearestNumber({ numerator, denominator }: Fraction): number {
  if (numerator <= SAFE && denominator <= SAFE) return Number(numerator) / Number(denominator);
  // A quotient of more than 64 bits, odd if anything was cut off, is rounded by Number() as the fraction itself would be.
  const shift = Math.max(0, 66 - bitLength(numerator) + bitLength(denominator));
  const scaled = numerator << BigInt(shift);
  const quotient = scaled / denominator;
  const isCut = quotient * denominator !== scaled;
  return Number(isCut ? quotient | 1n : quotient) * 2 ** -shift;
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function bitLength(value: bigint): number {
  return 4 * value.toString(16).length;
}
