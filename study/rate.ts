import { binomialInterval } from '../src/diagnostic/binomial-interval.ts';
import type { Interval } from '../src/diagnostic/bootstrap-interval.ts';

/** On which side of its nominal rate a method may be: a test may raise fewer false alarms, an interval hold more often. */
export type MayErr = 'below' | 'above' | 'neither way';

/** How often something should happen. */
export interface Nominal {
  readonly what: string;
  readonly nominal: number;
  readonly mayErr: MayErr;
}

/** How often it did. */
export interface Rate extends Nominal {
  /** Of which data. */
  readonly data: string;
  readonly times: number;
  readonly of: number;
  /** These are the data sets in which the report warns of thin evidence, so that nothing is claimed of them. */
  readonly isWarnedOf?: true;
}

/** High, as dozens of rates are looked at: each of them misses by chance once in a thousand. */
export const RATE_CONFIDENCE = 0.999;

export function rateInterval({ times, of }: Pick<Rate, 'times' | 'of'>): Interval {
  return binomialInterval(times, of, RATE_CONFIDENCE);
}

/** Whether a rate is what it should be, but for chance in the number of data sets. */
export function holds(rate: Rate): boolean {
  const { lower, upper } = rateInterval(rate);
  const { nominal, mayErr } = rate;
  return (mayErr === 'below' || nominal <= upper) && (mayErr === 'above' || lower <= nominal);
}
