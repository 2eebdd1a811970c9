import { z } from 'zod';

export const MAX_INT = 2 ** 31 - 1;

/**
 * A long list of numbers, checked in one go: zod's own complaint about each number would take more memory than the list.
 *
 * @param bounds of each number; whole numbers only, unless it says otherwise
 * @param from what the program holds the list in
 */
function listOf<T>(
  type: 'integer' | 'number',
  maximum: number,
  from: (values: number[]) => T,
  minimum = 0,
): z.ZodPipe<z.ZodArray, z.ZodTransform<T, unknown[]>> {
  const fits = (value: unknown): boolean =>
    typeof value === 'number' &&
    value >= minimum &&
    value <= maximum &&
    (type === 'number' || Number.isInteger(value));
  const numbers = type === 'integer' ? 'whole numbers' : 'numbers';
  return z
    .array(z.unknown())
    .refine((values) => values.every(fits), `a list of ${numbers} from ${minimum} to ${maximum} is needed`)
    .meta({ items: { type, minimum, maximum } })
    .transform((values) => from(values as number[]));
}

export const counts = listOf('integer', MAX_INT, (values) => Uint32Array.from(values));
/** Counts of examples, or sums of their whole weights (see `withCounts`). */
export const sums = listOf('integer', Number.MAX_SAFE_INTEGER, (values) => Float64Array.from(values));
export const classes = listOf('integer', MAX_INT, (values) => Int32Array.from(values));
export const flags = listOf('integer', 1, (values) => Uint8Array.from(values));
export const shares = listOf('number', 1, (values) => Float64Array.from(values));
/** Sums of whole numbers that a float holds exactly; some metrics are negative. */
export const grains = listOf(
  'integer',
  Number.MAX_SAFE_INTEGER,
  (values) => Float64Array.from(values),
  -Number.MAX_SAFE_INTEGER,
);
/** Of any size, but finite: JSON knows no others. */
export const values = listOf(
  'number',
  Number.MAX_VALUE,
  (values) => Float64Array.from(values),
  -Number.MAX_VALUE,
);
