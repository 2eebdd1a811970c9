import type { Floats } from '../decision.ts';

/** Where the first number is that is NaN or infinite; -1 where all are finite. A plain loop: every replay is looked through. */
export function firstNotFinite(values: Floats): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
