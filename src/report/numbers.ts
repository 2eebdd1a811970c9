import { digitsOf } from '../foundation/digits.ts';

/** How numbers look in a report. One way for each kind, so that a reader can compare any two of a kind. */

const DIGITS = 4;
const MOST_DIGITS = 10;
const MINUS = '−';

/**
 * A metric or a correlation in its own unit: `0.8125`. Null is `n/a`.
 *
 * @param threshold of the metric, where its unit may be so small that four digits would hide it
 */
export function metric(value: number | null, threshold?: number): string {
  return value === null ? 'n/a' : typographic(value.toFixed(digitsFor(threshold)));
}

/**
 * A gap in the metric's unit, with its sign: `+0.0213`, `−0.0008`.
 *
 * @param bound a number it is compared with. Digits are added until the rounded gap lies on the same side of it, so that
 * a gap of 0.00996 is not shown as `+0.0100` beside a threshold of 0.01.
 */
export function gap(value: number, bound?: number): string {
  const rounded = roundBeside(value, bound);
  return Number(rounded) > 0 ? `+${rounded}` : typographic(rounded);
}

/** `[−0.0061, +0.0045]`, kept on one line. */
export function interval(lower: number, upper: number, bound?: number): string {
  return `[${gap(lower, bound)},\u00a0${gap(upper, bound)}]`;
}

/** A p-value: `0.0010`, `< 0.0001`; digits are added as for a gap, beside `alpha`. */
export function pValue(value: number, alpha?: number): string {
  return value > 0 && value < 10 ** -DIGITS ? '<\u00a00.0001' : roundBeside(value, alpha);
}

/** A share, to a tenth: `3.1 %`, `95 %`. */
export function percent(value: number): string {
  return `${typographic(`${Number((100 * value).toFixed(1))}`)}\u00a0%`;
}

/** A number of things: `1,000`. */
export function quantity(value: number): string {
  return value.toLocaleString('en-US');
}

function roundBeside(value: number, bound: number | undefined): string {
  if (bound === undefined) return value.toFixed(DIGITS);
  const side = sideOf(value, bound);
  for (let digits = digitsFor(bound); digits < MOST_DIGITS; digits++) {
    const rounded = value.toFixed(digits);
    if (sideOf(Number(rounded), bound) === side) return rounded;
  }
  return value.toFixed(MOST_DIGITS);
}

/** Four, or as many as show a bound to two digits, be it a fall that is allowed or none at all. */
function digitsFor(bound = 0): number {
  return bound === 0 ? DIGITS : Math.max(DIGITS, digitsOf(Math.abs(bound)));
}

/** -1, 0 or 1: below, at or above, where a difference that only a float's last bits can make is none. */
function sideOf(value: number, bound: number): number {
  return Math.abs(value - bound) < 10 ** -MOST_DIGITS ? 0 : Math.sign(value - bound);
}

/** A true minus, and none before a zero. */
function typographic(digits: string): string {
  return Number(digits) === 0 ? digits.replace('-', '') : digits.replace('-', MINUS);
}
